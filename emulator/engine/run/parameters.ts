import type { JsonObject } from "../../../contract/json.js";
import type { ParameterDefinition, ParameterType, PipelineDefinition } from "../../../contract/pipeline.js";
import { ParameterError } from "../errors.js";
import { valueText } from "../expressions/text.js";
import { fromJson, typeOf, type Value, type ValueObject, type ValueType } from "../expressions/values.js";

const expected: Readonly<Record<ParameterType, ValueType>> = {
  String: "String",
  SecureString: "String",
  Int: "Integer",
  Float: "Float",
  Bool: "Boolean",
  Array: "Array",
  Object: "Object",
};

const hidden = "***";

/**
 * The value of every declared parameter: as given, else its default. Names ignore case; a value that is not declared is
 * ignored, as createRun does. Throws a `ParameterError` for one without a value and, with `checkTypes`, for a given value
 * of another type.
 */
export function bindParameters(
  definition: PipelineDefinition,
  given: JsonObject,
  { checkTypes }: { readonly checkTypes: boolean },
): ValueObject {
  const byKey = new Map(Object.entries(given).map(([name, value]) => [name.toLowerCase(), value]));
  return new Map(
    Object.entries(definition.parameters ?? {}).map(([name, parameter]) => {
      const own = byKey.get(name.toLowerCase());
      const value = own ?? parameter.defaultValue;
      if (value === undefined) {
        throw new ParameterError(name, `The template parameter '${name}' has no value: give one, it has no default.`);
      }
      const checked = checkTypes && own !== undefined && own !== null;
      return [name, checked ? typed(name, parameter, fromJson(value)) : converted(parameter, fromJson(value))];
    }),
  );
}

/** An integer is a float, too; whatever else does not fit stays as it is. */
const converted = ({ type }: ParameterDefinition, value: Value): Value =>
  type === "Float" && typeof value === "bigint" ? Number(value) : value;

function typed(name: string, parameter: ParameterDefinition, given: Value): Value {
  const { type } = parameter;
  const value = converted(parameter, given);
  if (typeOf(value) === expected[type]) return value;
  throw new ParameterError(
    name,
    `The provided value for the template parameter '${name}' is not valid. Expected a value of type '${type}', but received a value of type '${typeOf(value)}'.`,
  );
}

/** The values as run records show them: text, compact JSON for arrays and objects, secure ones hidden. */
export function parameterTexts(definition: PipelineDefinition, values: ValueObject): Readonly<Record<string, string>> {
  const types = definition.parameters ?? {};
  return Object.fromEntries(
    [...values].map(([name, value]) => [name, types[name]?.type === "SecureString" ? hidden : valueText(value)]),
  );
}
