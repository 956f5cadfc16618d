import { describe, expect, it } from "vitest";
import { differences, inputChanges } from "../../emulator/deploy/differences.js";
import { covers, formatPath, parsePath } from "../../emulator/deploy/propertyPath.js";

const activity = (name: string, url: string) => ({ name, typeProperties: { url } });
const places = (old: object, news: object) => differences(old as never, news as never).map(({ place }) => place);

describe("differences", () => {
  it("name an item of a list by its name, wherever it stands", () => {
    const old = { activities: [activity("first", "a"), activity("second", "b")] };
    const news = { activities: [activity("new", "n"), activity("first", "a"), activity("second", "changed")] };
    expect(places(old, news)).toEqual(["activities[new]", "activities[second].typeProperties.url"]);
    expect(places(news, old)).toEqual(["activities[second].typeProperties.url", "activities[new]"]);
  });

  it("name the list when its items are the same in another order", () => {
    const [one, other] = [activity("one", "a"), activity("other", "b")];
    expect(places({ activities: [one, other] }, { activities: [other, one] })).toEqual(["activities"]);
  });

  it("go by index where a name is missing or stands twice", () => {
    expect(places({ rules: [{ value: 1 }] }, { rules: [{ value: 2 }, { value: 3 }] })).toEqual([
      "rules[0].value",
      "rules[1]",
    ]);
    const same = { name: "same", x: 1 };
    expect(places({ rules: [same, same] }, { rules: [same, { ...same, x: 2 }] })).toEqual(["rules[1].x"]);
  });

  it("have Pulumi's own paths for a provider, which say what calls for another resource", () => {
    const old = { location: "here", activities: [activity("first", "a")], tags: { "a.b": "1" } };
    const news = { location: "there", activities: [activity("first", "z")], tags: {} };
    expect(inputChanges(old, news, ["location"])).toEqual([
      { path: "location", kind: "changed", replaces: true },
      { path: "activities[0].typeProperties.url", kind: "changed", replaces: false },
      { path: 'tags["a.b"]', kind: "removed", replaces: false },
    ]);
  });
});

describe("a property path", () => {
  it.each([
    "properties.sku.name",
    'tags["cost.center"]',
    'tags["say \\"hi\\""]',
    "ipRules[2].value",
    "ipRules[*].value",
  ])("is read and written: %s", (path) => expect(formatPath(parsePath(path))).toBe(path));

  it("covers what is inside of it, a star any one segment", () => {
    const isCovered = (pattern: string, path: string) => covers(parsePath(pattern), parsePath(path));
    expect(isCovered("rules[*]", "rules[3].port")).toBe(true);
    expect(isCovered("rules[0]", "rules[3].port")).toBe(false);
    expect(isCovered("rules[3].port.deeper", "rules[3].port")).toBe(false);
  });
});
