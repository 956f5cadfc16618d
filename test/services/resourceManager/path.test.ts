import { describe, expect, it } from "vitest";
import { parseTarget, parseUrl } from "../../../emulator/services/resourceManager/path.js";

const target = (path: string) => parseTarget(path.split("/").filter(Boolean));

describe("a resource path", () => {
  it("has a scope, a namespace, types and names", () => {
    expect(target("/subscriptions/s/resourceGroups/g/providers/Microsoft.X/a/1/b/2")).toEqual({
      scope: ["subscriptions", "s", "resourceGroups", "g"],
      namespace: "Microsoft.X",
      types: ["a", "b"],
      names: ["1", "2"],
    });
  });

  it("ends with a type for a list and for an action", () => {
    expect(target("/subscriptions/s/providers/Microsoft.X/a/1/listKeys")).toMatchObject({
      types: ["a", "listKeys"],
      names: ["1"],
    });
  });

  it("of an extension has the resource as its scope", () => {
    const scope = "/subscriptions/s/resourceGroups/g/providers/Microsoft.X/a/1/b/default/c/x";
    expect(target(`${scope}/providers/Microsoft.Authorization/roleAssignments/n`)).toEqual({
      scope: scope.split("/").filter(Boolean),
      namespace: "Microsoft.Authorization",
      types: ["roleAssignments"],
      names: ["n"],
    });
  });

  it("at the tenant has no scope", () => {
    expect(target("/providers/Microsoft.X/a/1")).toMatchObject({ scope: [] });
  });

  it("is none without a provider, or with a provider alone", () => {
    expect(target("/subscriptions/s/resourceGroups/g")).toBeUndefined();
    expect(target("/subscriptions/s/providers/Microsoft.X")).toBeUndefined();
  });

  it("keeps a resource that is called providers", () => {
    expect(target("/subscriptions/s/providers/Microsoft.X/a/providers")).toMatchObject({ names: ["providers"] });
  });
});

describe("a request target", () => {
  it("is decoded by segment, without empty ones, its query in lower case", () => {
    const url = parseUrl("//subscriptions/s/a%2Fb/?Api-Version=1&$filter=name%20eq%20'x'");
    expect(url?.segments).toEqual(["subscriptions", "s", "a/b"]);
    expect([...(url?.query ?? [])]).toEqual([
      ["api-version", "1"],
      ["$filter", "name eq 'x'"],
    ]);
  });

  it("is refused when it is not validly encoded", () => {
    expect(parseUrl("/subscriptions/%zz")).toBeUndefined();
  });
});
