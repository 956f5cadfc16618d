import { describe, expect, it } from "vitest";
import { pipelineChanges } from "../../infra/dataplane/pipelineChanges.js";

const web = (name: string, url = "https://a", more: object = {}) => ({
  name,
  type: "WebActivity",
  dependsOn: [{ activity: "first", dependencyConditions: ["Succeeded"] }],
  typeProperties: { url, method: "GET" },
  ...more,
});
const pipeline = (...activities: object[]) => ({ activities, variables: { token: { type: "String" } } });

describe("what changes in a pipeline", () => {
  it("is nothing when only the order of an object's members differs", () => {
    const { activities, variables } = pipeline(web("one"));
    expect(pipelineChanges({ activities, variables }, { variables, activities })).toEqual([]);
  });

  it("is named by activity and field", () => {
    const changes = pipelineChanges(pipeline(web("one"), web("two")), pipeline(web("one"), web("two", "https://b")));
    expect(changes).toEqual(["activities[two].typeProperties.url"]);
  });

  it("is named inside a loop too", () => {
    const loop = (url: string) => ({ name: "loop", type: "Until", typeProperties: { activities: [web("look", url)] } });
    expect(pipelineChanges(pipeline(loop("https://a")), pipeline(loop("https://b")))).toEqual([
      "activities[loop].typeProperties.activities[look].typeProperties.url",
    ]);
  });

  it("is the activity itself when it is new or gone, and the list when only its order differs", () => {
    expect(pipelineChanges(pipeline(web("one")), pipeline(web("one"), web("two")))).toEqual(["activities[two]"]);
    expect(pipelineChanges(pipeline(web("one"), web("two")), pipeline(web("two")))).toEqual(["activities[one]"]);
    expect(pipelineChanges(pipeline(web("one"), web("two")), pipeline(web("two"), web("one")))).toEqual(["activities"]);
  });

  it("is found in members that nobody knows", () => {
    const changes = pipelineChanges(pipeline(web("one", "https://a", { futureMember: { deep: [1, 2] } })), {
      ...pipeline(web("one", "https://a", { futureMember: { deep: [1, 3] } })),
      annotations: ["new"],
    });
    expect(changes).toEqual(["activities[one].futureMember.deep[1]", "annotations"]);
  });

  it("is all of it while a preview does not know the definition", () => {
    expect(pipelineChanges(pipeline(), "04da6b54-80e4-46f7-96ec-b56ff0331ba9")).toEqual(["definition"]);
  });
});
