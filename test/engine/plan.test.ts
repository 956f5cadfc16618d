import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../contract/json.js";
import type { ActivityDefinition, PipelineDefinition } from "../../contract/pipeline.js";
import { PlanError } from "../../emulator/engine/errors.js";
import { type PipelineSource, planPipeline } from "../../emulator/engine/plan.js";
import { scoringPipeline } from "./scoringPipeline.js";
import { activity, inner, pipeline, setVariable, wait, web } from "./testEngine.js";

/** The mistakes found, as `place: message`. */
function mistakes(source: PipelineSource, name = "p"): readonly string[] {
  try {
    planPipeline(source, name);
    return [];
  } catch (error) {
    if (error instanceof PlanError) return error.problems.map(({ path, message }) => `${path}: ${message}`);
    throw error;
  }
}

const one = (definition: ActivityDefinition, rest: Omit<PipelineDefinition, "activities"> = {}) =>
  mistakes(pipeline([definition], rest));
const seconds = (waitTimeInSeconds: number) => ({ typeProperties: { waitTimeInSeconds } });
const until = (name: string, activities: readonly ActivityDefinition[]) =>
  activity(name, "Until", { expression: { value: "@equals(1,1)", type: "Expression" }, activities: inner(activities) });
const branch = (name: string, activities: readonly ActivityDefinition[]) =>
  activity(name, "IfCondition", { expression: "@equals(1,1)", ifTrueActivities: inner(activities) });

describe("planPipeline", () => {
  it("takes the scoring pipeline", () => {
    expect(mistakes(scoringPipeline())).toEqual([]);
  });

  it("refuses an unknown activity type by name, and does not validate an inactive one", () => {
    expect(one(activity("a", "Copy", {}))).toEqual(["activities[0].type: The activity type 'Copy' is not supported."]);
    expect(one({ ...activity("a", "Copy", {}), state: "Inactive" })).toEqual([]);
  });

  it("takes the types of parameters and variables in any case, as Studio writes them", () => {
    const { definition } = planPipeline(
      {
        activities: [{ name: "a", type: "Wait", typeProperties: { waitTimeInSeconds: 1 } }],
        parameters: { p: { type: "string", defaultValue: "x" }, s: { type: "securestring" } },
        variables: { v: { type: "INTEGER" } },
        annotations: ["kept"],
        tomorrow: 1,
      },
      "p",
    );
    expect(definition).toMatchObject({
      parameters: { p: { type: "String", defaultValue: "x" }, s: { type: "SecureString" } },
      variables: { v: { type: "Integer" } },
      annotations: ["kept"],
      tomorrow: 1,
    });
  });

  it("takes a member that is null for one that is not there, and enumerations in any case", () => {
    const { definition, root } = planPipeline(
      {
        activities: [
          { name: "a", type: "Wait", dependsOn: null, userProperties: null, policy: null, state: null, ...seconds(1) },
          {
            name: "b",
            type: "Wait",
            dependsOn: [{ activity: "a", dependencyConditions: ["succeeded", "FAILED"] }],
            state: "active",
            ...seconds(1),
          },
        ],
        parameters: null,
        variables: null,
        concurrency: null,
        annotations: null,
      },
      "p",
    );
    expect(definition.concurrency).toBeUndefined();
    expect(root.activities[1]?.dependsOn[0]?.conditions).toEqual(["Succeeded", "Failed"]);
  });

  it("refuses what has not the shape of a pipeline, at its place", () => {
    expect(mistakes({ activities: [{ name: 1, type: "Wait" }] })[0]).toMatch(/^activities\[0\]\.name: /);
    expect(mistakes({})[0]).toMatch(/^activities: /);
    expect(mistakes({ activities: [], variables: { v: { type: "Guid" } } })[0]).toMatch(/^variables\.v\.type: /);
    expect(mistakes(pipeline([]))).toEqual(["activities: A pipeline needs at least one activity."]);
  });

  it("refuses a dependency on what is not beside the activity", () => {
    const definition = pipeline([until("loop", [wait("in", 0)]), wait("b", 0, [["in", "Succeeded"]])]);
    expect(mistakes(definition)).toEqual([
      "activities[1].dependsOn[0].activity: The activity 'b' depends on 'in', which does not exist beside it.",
    ]);
  });

  it("refuses a circle", () => {
    const definition = pipeline([
      wait("a", 0, [["c", "Succeeded"]]),
      wait("b", 0, [["a", "Succeeded"]]),
      wait("c", 0, [["b", "Succeeded"]]),
      wait("outside", 0, [["a", "Succeeded"]]),
    ]);
    expect(mistakes(definition).map((text) => text.split(":")[0])).toEqual([
      "activities[0].dependsOn",
      "activities[1].dependsOn",
      "activities[2].dependsOn",
    ]);
  });

  it("refuses a name twice in the whole pipeline, whatever its case", () => {
    expect(mistakes(pipeline([until("loop", [wait("A", 0)]), wait("a", 0)]))).toEqual([
      "activities[1].name: The name 'a' is used by more than one activity.",
    ]);
  });

  it("refuses names that are too long, empty or hold a forbidden character", () => {
    expect(one(wait("x".repeat(56), 0))).toEqual(["activities[0].name: An activity's name has 1 to 55 characters."]);
    expect(one(wait("a/b", 0))[0]).toContain("may not contain any of");
    expect(mistakes(pipeline([wait("a", 0)]), "p".repeat(141))[0]).toContain("1 to 140 characters");
  });

  it("refuses more than 120 activities and 50 parameters", () => {
    const many = Array.from({ length: 121 }, (_, index) => wait(`w${index}`, 0));
    expect(mistakes(pipeline(many))).toEqual([
      "activities: A pipeline has at most 120 activities, inner ones counted.",
    ]);
    const parameters = Object.fromEntries(many.map(({ name }) => [name, { type: "String" as const }]));
    expect(one(wait("w", 0), { parameters })).toEqual(["parameters: A pipeline has at most 50 parameters."]);
  });

  it("refuses loops in loops and containers in branches; a branch may stand in a loop", () => {
    expect(one(until("outer", [until("inner", [wait("w", 0)])]))).toEqual([
      "activities[0].typeProperties.activities[0]: An activity of type Until may not be nested in Until.",
    ]);
    expect(one(branch("outer", [branch("inner", [])]))[0]).toContain("may not be nested in IfCondition");
    expect(one(until("outer", [branch("inner", [until("deep", [wait("w", 0)])])]))[0]).toContain("may not be nested");
    expect(one(until("outer", [branch("inner", [wait("w", 0)])]))).toEqual([]);
  });
});

describe("expressions of a definition", () => {
  it.each([
    ["@concat('a'", "expected token 'RightParenthesis', found the end of the expression at position 11."],
    ["x @{nosuch(1)}", "The template function 'nosuch' is not defined or not valid."],
    ["@variables('nope')", "The variable 'nope' is not defined in the pipeline."],
    ["@pipeline().parameters.nope", "The parameter 'nope' is not defined in the pipeline."],
    ["@activity('nope').output", "The activity 'nope' is not defined in the pipeline."],
    ["@dataset().x", "The template function 'dataset' is only valid in the definition of a dataset."],
    ["@if(true,1)", "The template function 'if' expects 3 argument(s), it was given 2."],
    ["@and(false,concat())", "The template function 'concat' expects 1 or more argument(s), it was given 0."],
  ])("%s is refused at its place", (text, message) => {
    const [found, ...others] = one(web("w", { headers: { Accept: text } }));
    expect(found).toMatch(/^activities\[0\]\.typeProperties\.headers\.Accept: /);
    expect(found?.endsWith(message)).toBe(true);
    expect(others).toEqual([]);
  });

  it("inside a container are reported once, where they stand", () => {
    expect(one(until("loop", [wait("w", "@nosuch()")]))).toEqual([
      "activities[0].typeProperties.activities[0].typeProperties.waitTimeInSeconds: The template function 'nosuch' is not defined or not valid.",
    ]);
  });

  it("may read a missing parameter with `?` and names in any case", () => {
    const parameters = { Known: { type: "String" as const } };
    const definition = web("w", { url: "@concat(pipeline()?.parameters?.nope, pipeline().parameters.known)" });
    expect(one(definition, { parameters })).toEqual([]);
  });
});

describe("properties of an activity", () => {
  const variables = { v: { type: "String" as const } };

  it("SetVariable may not read the variable that it sets, nor set an unknown one", () => {
    expect(one(setVariable("s", "V", "@concat(variables('v'),'x')"), { variables })[0]).toContain(
      "may not refer to the variable itself",
    );
    expect(one(setVariable("s", "nope", "x"), { variables })).toEqual([
      "activities[0].typeProperties.variableName: The variable 'nope' is not defined in the pipeline.",
    ]);
  });

  it.each([
    [{ retryIntervalInSeconds: 29 }, "retryIntervalInSeconds: must be an integer from 30 to 86400."],
    [{ retry: -1 }, "retry: must be an integer of 0 or more."],
    [{ timeout: "0.00:00:00" }, "timeout: must be a time span (d.hh:mm:ss) of at most 7 days."],
    [{ timeout: "8.00:00:00" }, "timeout: must be a time span (d.hh:mm:ss) of at most 7 days."],
  ])("policy %j is out of range", (policy, message) => {
    expect(one({ ...web("w"), policy })).toEqual([`activities[0].policy.${message}`]);
  });

  it.each<[JsonObject, string]>([
    [{ method: "HEAD" }, "method: method must be one of GET, POST, PUT, DELETE, PATCH."],
    [{ method: "POST" }, "body: body is required for POST."],
    [{ url: "" }, "url: url is required."],
    [
      { httpRequestTimeout: "00:10:01" },
      "httpRequestTimeout: httpRequestTimeout must be a time span (hh:mm:ss) of at most 10 minutes.",
    ],
    [
      { authentication: { type: "ClientCertificate" } },
      "authentication.type: The authentication type 'ClientCertificate' is not supported.",
    ],
    [{ authentication: { type: "MSI" } }, "authentication: The authentication type 'MSI' needs resource."],
    [{ datasets: [{}] }, "datasets[0].referenceName: referenceName is required."],
    [{ linkedServices: {} }, "linkedServices: linkedServices must be a list of references."],
    [
      {
        authentication: {
          type: "Basic",
          username: "u",
          password: { type: "AzureKeyVaultSecret", secretName: "s" },
        },
      },
      "authentication.password: An AzureKeyVaultSecret needs a store: the reference of a linked service.",
    ],
    [
      { disableCertValidation: true },
      "disableCertValidation: Turning off the validation of certificates is not supported.",
    ],
  ])("WebActivity with %j is refused", (properties, message) => {
    expect(one(web("w", properties))).toEqual([`activities[0].typeProperties.${message}`]);
  });

  it("Until takes a time-out of at most 90 days, Wait a whole number of seconds", () => {
    const loop = until("loop", [wait("w", 0)]);
    expect(one({ ...loop, typeProperties: { ...loop.typeProperties, timeout: "91.00:00:00" } })).toHaveLength(1);
    expect(one(wait("w", 1.5))).toHaveLength(1);
  });
});
