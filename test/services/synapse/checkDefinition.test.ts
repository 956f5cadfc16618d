import { expect, it } from "vitest";
import type { JsonObject } from "../../../contract/json.js";
import { AzureError } from "../../../emulator/platform/errors.js";
import { checkDefinition } from "../../../emulator/services/synapse/pipelines/checkDefinition.js";

const through = (referenceName: string): JsonObject => ({
  activities: [
    {
      name: "call",
      type: "WebActivity",
      typeProperties: {
        url: "https://host.example/",
        method: "GET",
        connectVia: { referenceName, type: "IntegrationRuntimeReference" },
      },
    },
  ],
});

it("a publish refuses an integration runtime that the workspace does not have, in the words of an invalid reference", () => {
  expect(() => checkDefinition(through("AutoResolveIntegrationRuntime"), "p")).not.toThrow();
  let refusal: unknown;
  try {
    checkDefinition(through("self-hosted"), "p");
  } catch (error) {
    refusal = error;
  }
  expect(refusal).toBeInstanceOf(AzureError);
  expect(refusal).toMatchObject({
    status: 400,
    message: "The document creation or update failed because of invalid reference 'self-hosted'.",
  });
});
