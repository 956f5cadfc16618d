import { describe, expect, it } from "vitest";
import { isJsonObject, type Json, type JsonObject } from "../../../contract/json.js";
import { type ArmRule, placeholders, toPut } from "../../../emulator/deploy/armRule.js";
import { armRules, ruleOf } from "../../../emulator/deploy/armRules.js";
import { inside, type Members, values } from "../../../emulator/deploy/shape.js";
import { placeNamed, sentByAzureClient, subscriptionId } from "./azureClients.js";
import { azureNativeInputs, azureNativeVersion } from "./azureNativeInputs.js";
import { samplesOf, unknownInputs } from "./samples.js";

/**
 * What the published client drops, because the newest one speaks an older version of the API than azure-native does (the
 * member came with a later one). A client that has learnt one fails the test, so that it leaves this list.
 */
const newerThanItsClient: Readonly<Record<string, { readonly client: string; readonly members: readonly string[] }>> = {
  "azure-native:applicationinsights:Component": {
    client: "arm-appinsights 4.0.0: 2015-05-01",
    members: ["properties.WorkspaceResourceId"],
  },
  "azure-native:monitor:DiagnosticSetting": {
    client: "arm-monitor 7.0.0: 2017-05-01-preview",
    members: ["properties.logs.categoryGroup"],
  },
  "azure-native:machinelearningservices:Workspace": {
    client: "arm-machinelearning 2.1.1: 2022-10-01",
    members: ["kind", "properties.enableDataIsolation", "properties.systemDatastoresAuthMode"],
  },
  "azure-native:machinelearningservices:Datastore": {
    client: "arm-machinelearning 2.1.1: 2022-10-01",
    members: ["properties.resourceGroup", "properties.subscriptionId"],
  },
  "azure-native:machinelearningservices:ModelVersion": {
    client: "arm-machinelearning 2.1.1: 2022-10-01",
    members: ["properties.stage"],
  },
  "azure-native:machinelearningservices:EnvironmentVersion": {
    client: "arm-machinelearning 2.1.1: 2022-10-01",
    members: ["properties.stage"],
  },
};

describe.each(Object.keys(armRules))("the rule of %s", (token) => {
  const rule = ruleOf(token);
  const inputs = [azureNativeInputs(token)];
  const body = bodyMembers(rule);

  it("speaks the API version of azure-native", () => {
    expect(rule.apiVersion).toBe(azureNativeVersion(token));
  });

  it("makes of every input that it knows what Azure's own client makes of it", async () => {
    const newer = newerThanItsClient[token]?.members ?? [];
    for (const sample of samplesOf(body, inputs)) {
      const own = toPut(token, rule, { ...sample, ...placesOf(rule) }, subscriptionId);
      const client = await sentByAzureClient(token, modelOf(token, sample));
      expect(own.path.toLowerCase()).toBe(client.path.toLowerCase());
      expect(without(own.body, newer)).toEqual(client.body);
      expect(newer.filter((member) => isIn(own.body, member))).toEqual(newer);
    }
  });

  it("refuses every other input of azure-native by name, at every depth", () => {
    const known = { ...body, ...values(...placeholders(rule), ...(rule.query ?? [])) };
    for (const unknown of unknownInputs(known, inputs)) {
      const given = { ...placesOf(rule), ...(nested(unknown.split("."), "x") as JsonObject) };
      expect(() => toPut(token, rule, given, subscriptionId)).toThrow(
        `${token}: the emulator does not support the input ${unknown}`,
      );
    }
  });
});

/** The inputs that go into the body. */
function bodyMembers(rule: ArmRule): Members {
  return { ...rule.envelope, ...(rule.kept ? { properties: inside(rule.properties) } : rule.properties) };
}

function placesOf(rule: ArmRule): JsonObject {
  const names = placeholders(rule).filter((name) => name !== "subscriptionId");
  return Object.fromEntries(names.map((name) => [name, placeNamed(name)]));
}

/** azure-native takes a secret's times in seconds, the client as dates. */
function modelOf(token: string, sample: JsonObject): object {
  if (token !== "azure-native:keyvault:Secret") return sample;
  const properties = sample["properties"] as { attributes: { expires: number; notBefore: number } };
  const { expires, notBefore } = properties.attributes;
  const times = { expires: new Date(expires * 1000), notBefore: new Date(notBefore * 1000) };
  return { ...sample, properties: { ...properties, attributes: { ...properties.attributes, ...times } } };
}

function without(value: Json, paths: readonly string[], at = ""): Json {
  if (Array.isArray(value)) return value.map((item: Json) => without(item, paths, at));
  if (!isJsonObject(value)) return value;
  const kept = Object.entries(value).filter(([name]) => !paths.includes(at + name));
  return Object.fromEntries(kept.map(([name, inner]) => [name, without(inner, paths, `${at}${name}.`)]));
}

function isIn(value: Json, path: string): boolean {
  const [name = "", ...inside] = path.split(".");
  const inner = isJsonObject(value) ? value[name] : undefined;
  if (inner === undefined || inside.length === 0) return inner !== undefined;
  const items: readonly Json[] = Array.isArray(inner) ? inner : [inner];
  return items.some((item) => isIn(item, inside.join(".")));
}

function nested([name, ...inside]: readonly string[], value: Json): Json {
  return name === undefined ? value : { [name]: nested(inside, value) };
}
