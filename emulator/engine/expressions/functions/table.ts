import { binaryFunctions } from "./binary.js";
import { collectionFunctions } from "./collection.js";
import { conversionFunctions } from "./conversion.js";
import { dateFunctions } from "./date.js";
import type { ExpressionFunction } from "./function.js";
import { logicalFunctions } from "./logical.js";
import { mathFunctions } from "./math.js";
import { referenceFunctions } from "./reference.js";
import { stringFunctions } from "./string.js";
import { timeZoneFunctions } from "./timeZone.js";
import { xmlFunctions } from "./xml.js";

const functions: readonly ExpressionFunction[] = [
  ...referenceFunctions,
  ...stringFunctions,
  ...collectionFunctions,
  ...logicalFunctions,
  ...conversionFunctions,
  ...binaryFunctions,
  ...mathFunctions,
  ...dateFunctions,
  ...timeZoneFunctions,
  ...xmlFunctions,
];

const byName = new Map(functions.map((each) => [each.name.toLowerCase(), each]));

/** The function of that name in any case; undefined when the language (or this implementation) has none. */
export function findFunction(name: string): ExpressionFunction | undefined {
  return byName.get(name.toLowerCase());
}
