import type { Json, JsonObject } from "../../../contract/json.js";
import type { Members, Shape } from "../../../emulator/deploy/shape.js";
import type { Input, Inputs } from "./azureNativeInputs.js";

/** Where an object may be one of many kinds: the discriminator → the kinds that a rule supports. */
const supportedKinds: Readonly<Record<string, readonly string[]>> = {
  computeType: ["AmlCompute"],
  datastoreType: ["AzureBlob"],
  credentialsType: ["None"],
};

/** Values that the clients check the form of. */
const formed: Readonly<Record<string, Json>> = {
  applicationId: "00000000-0000-0000-0000-000000000001",
  capacityReservationLevel: 100,
  nodeIdleTimeBeforeScaleDown: "PT120S",
  tenantId: "00000000-0000-0000-0000-000000000002",
  timeGrain: "PT1M",
  timeout: "PT30M",
};

/**
 * Inputs that hold every member that a rule knows, with values of the types that azure-native's typings say: as many as it
 * takes for every kind of object to be in one. Throws on a member that azure-native does not have.
 */
export function samplesOf(members: Members, inputs: readonly Inputs[], place = ""): readonly JsonObject[] {
  const unknown = Object.keys(members).find((name) => !inputs.some((variant) => variant.has(name)));
  if (unknown) throw new Error(`azure-native has no input ${place}${unknown}`);
  return inputs.filter(isSupported).flatMap((variant) => {
    const alternatives = Object.entries(members).flatMap(([name, shape]): [string, readonly Json[]][] => {
      const input = variant.get(name);
      return input ? [[name, valuesOf(name, shape, input, `${place}${name}.`)]] : [];
    });
    const count = Math.max(1, ...alternatives.map(([, values]) => values.length));
    return Array.from({ length: count }, (_unused, index) =>
      Object.fromEntries(
        alternatives.map(([name, values]) => [name, values[Math.min(index, values.length - 1)] ?? null]),
      ),
    );
  });
}

function valuesOf(name: string, shape: Shape, input: Input, place: string): readonly Json[] {
  const values = hasMembers(shape)
    ? samplesOf(shape.members, input.variants, place)
    : [formed[name] ?? leaf(input, place)];
  return input.isList ? values.map((value) => [value]) : values;
}

function leaf(input: Input, place: string): Json {
  if (input.sample === undefined)
    throw new Error(`azure-native's input ${place} has members, of which the rule knows none`);
  return input.sample;
}

function hasMembers(shape: Shape): shape is { readonly members: Members } {
  return typeof shape === "object" && shape.members !== "value";
}

function isSupported(variant: Inputs): boolean {
  return Object.entries(supportedKinds).every(([discriminator, kinds]) => {
    const kind = variant.get(discriminator)?.sample;
    return kind === undefined || kinds.includes(String(kind));
  });
}

/** The property paths of azure-native's inputs that a rule does not know, at every depth. */
export function unknownInputs(members: Members, inputs: readonly Inputs[], place = ""): readonly string[] {
  const found = inputs.filter(isSupported).flatMap((variant) =>
    [...variant].flatMap(([name, input]) => {
      const shape = members[name];
      if (shape === undefined) return [`${place}${name}`];
      return hasMembers(shape) ? unknownInputs(shape.members, input.variants, `${place}${name}.`) : [];
    }),
  );
  return [...new Set(found)];
}
