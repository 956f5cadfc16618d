import { z } from "zod";
import type { Clock } from "../../contract/clock.js";
import { exitCodes, ProgramError } from "../../contract/errors.js";
import type { Ids } from "../../contract/ids.js";
import { caseSchema, contextSchema, differenceIn, evaluateIn } from "../engine/expressions/expressionCase.js";
import { ExpressionError } from "../engine/expressions/expressionError.js";
import { jsonText } from "../engine/expressions/text.js";
import { readJsonFile } from "../localRun/jsonFile.js";
import type { CommandContext } from "./context.js";

interface World {
  readonly clock: Clock;
  readonly ids: Ids;
}

const contextForm =
  "A context is an object of parameters, variables, activities, item and the like: docs/pipelines.md.";
const casesForm = "Cases are a list of objects, each with id, expression and what is expected: docs/pipelines.md.";

/** `emulator evaluate <expression>`: prints the value as JSON; throws the typed error, which ends with exit code 1. */
export async function evaluateCommand(
  expression: string,
  { print, clock, ids, contextFile }: Pick<CommandContext, "print"> & World & { readonly contextFile?: string },
): Promise<void> {
  const context = contextFile === undefined ? {} : await readJsonFile(contextFile, contextSchema, contextForm);
  try {
    print(jsonText(evaluateIn(expression, context, { now: () => clock.now(), newGuid: () => ids.uuid() })));
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    throw new ProgramError(exitCodes.failed, `${error.category}: ${error.message}`, { cause: error });
  }
}

/** `emulator evaluate --cases <file>`: prints each difference, then `N passed, N failed`; 1 when there is a difference. */
export async function evaluateCases(
  file: string,
  { print, clock, ids }: Pick<CommandContext, "print"> & World,
): Promise<0 | 1> {
  const cases = await readJsonFile(file, z.array(caseSchema), casesForm);
  const world = { now: () => clock.now(), newGuid: () => ids.uuid() };
  let failed = 0;
  for (const each of cases) {
    const difference = differenceIn(each, world);
    if (difference === undefined) continue;
    failed += 1;
    print(`${each.id} ${each.expression}: ${difference}`);
  }
  print(`${cases.length - failed} passed, ${failed} failed`);
  return failed === 0 ? exitCodes.succeeded : exitCodes.failed;
}
