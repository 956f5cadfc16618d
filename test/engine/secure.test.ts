import { expect, it } from "vitest";
import type { JsonObject } from "../../contract/json.js";
import type { ActivityDefinition } from "../../contract/pipeline.js";
import { activity, pipeline, setVariable, testEngine, web } from "./testEngine.js";

const secret = "pl4in-secret";
const hidden = { secureInput: true, secureOutput: true };
const types: readonly (readonly [string, JsonObject])[] = [
  ["WebActivity", { url: "https://host.example/", method: "POST", body: { key: secret } }],
  ["WebHook", { url: "https://host.example/", method: "POST", body: { key: secret } }],
  ["SetVariable", { variableName: "text", value: secret }],
  ["AppendVariable", { variableName: "list", value: secret }],
  ["ExecutePipeline", { pipeline: { referenceName: "child" }, parameters: { key: secret }, waitOnCompletion: true }],
];
const child = pipeline(
  [
    activity("give", "SetVariable", {
      variableName: "pipelineReturnValue",
      setSystemVariable: true,
      value: [{ key: "key", value: { type: "String", content: secret } }],
    }),
  ],
  { parameters: { key: { type: "SecureString" } } },
);

it.each(types)(
  "secureInput and secureOutput hide what %s takes and gives, but not from expressions",
  async (type, properties) => {
    const given: ActivityDefinition = { ...activity("hides", type, properties), policy: hidden };
    const read = {
      ...setVariable("read", "seen", "@string(activity('hides').output)", [["hides", "Succeeded"]]),
      policy: hidden,
    };
    const variables = {
      text: { type: "String" },
      list: { type: "Array" },
      seen: { type: "String" },
    } as const;
    const test = testEngine({
      pipelines: { child },
      handler({ body = "" }) {
        const { callBackUri } = JSON.parse(body);
        if (callBackUri) test.callbacks.deliver(callBackUri, JSON.stringify({ key: secret }));
        return { body: { key: secret } };
      },
    });
    const result = await test.run(pipeline([given, read], { variables }));
    expect(result.activity("hides")).toMatchObject({ status: "Succeeded", input: {}, output: {} });
    expect(result.activities.map(({ input, output }) => JSON.stringify([input, output])).join()).not.toContain(secret);
    expect(JSON.stringify([...test.engine.variables(test.runId)])).toContain(secret);
  },
);

it("without them a record shows the evaluated input and the output", async () => {
  const result = await testEngine({ handler: () => ({ body: { a: 1 } }) }).run(
    pipeline([web("shows", { method: "POST", body: "@concat('a',1)" })]),
  );
  expect(result.activity("shows")).toMatchObject({ input: { body: "a1" }, output: { a: 1 } });
});
