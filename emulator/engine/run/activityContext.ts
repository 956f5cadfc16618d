import type { Json } from "../../../contract/json.js";
import type { ActivityContext } from "../activities/activityType.js";
import { checkVariableValue, declaredVariable } from "../activities/setVariable.js";
import type { AttemptSetting } from "./attempt.js";
import { memoryState, type State, variableState } from "./history.js";
import { iterationHash } from "./records.js";
import { runScope } from "./runScope.js";
import { sleepUntil } from "./stop.js";

/** What an activity type sees of the run during one attempt. */
export function createContext(
  { world, activity, frame, place, attempt }: AttemptSetting,
  signal: AbortSignal,
  effects: {
    readonly secureInput: boolean;
    readonly secureOutput: boolean;
    readonly show: (input: Json) => void;
    readonly set: (state: State) => void;
  },
): ActivityContext {
  const { history, ports, plan } = world;
  return {
    definition: activity.definition,
    properties: activity.definition.typeProperties ?? {},
    ports,
    startedAt: attempt.start,
    signal,
    secureInput: effects.secureInput,
    secureOutput: effects.secureOutput,
    evaluate: (json) => world.evaluate(json ?? null, frame),
    showInput(input) {
      signal.throwIfAborted();
      effects.show(input);
    },
    recall: (name) => history.memory(place, attempt.number, name),
    remember(name, value) {
      signal.throwIfAborted();
      history.append([memoryState(place, attempt.number, name, value)]);
    },
    setVariable(name, value) {
      const declared = declaredVariable(plan.definition, name);
      if (!declared) throw new RangeError(`The variable '${name}' is not defined in the pipeline.`);
      checkVariableValue(declared.name, declared.type, value);
      effects.set(variableState(declared.name.toLowerCase(), value));
    },
    sleepUntil: (moment) => sleepUntil(ports.clock, moment, signal),
    async runScope(name, iteration) {
      const scope = activity.scopes.get(name);
      if (!scope) return { status: "Succeeded" };
      if (iteration !== undefined) world.forget(scope);
      return runScope(world, scope, {
        prefix: `${place}/${name}${iteration === undefined ? "" : `#${iteration}`}/`,
        iterationHash:
          iteration === undefined ? frame.iterationHash : iterationHash(world.facts.runId, place, iteration),
        item: frame.item,
        signal,
      });
    },
  };
}
