import type { Json, JsonObject } from "../../../contract/json.js";
import type { ActivityDefinition } from "../../../contract/pipeline.js";
import type { ActivityContext, ChildRuns, LoopTurn, ScopeOutcome } from "../activities/activityType.js";
import { checkVariableValue, declaredVariable } from "../activities/setVariable.js";
import { isValueArray, type Value } from "../expressions/values.js";
import type { Policy } from "../plan/policy.js";
import type { EnginePorts } from "../ports.js";
import type { AttemptSetting } from "./attempt.js";
import type { AttemptJournal } from "./attemptJournal.js";
import { Outputs } from "./outputs.js";
import { iterationHash } from "./records.js";
import { runScope } from "./runScope.js";
import type { State } from "./states.js";
import { sleepUntil } from "./stop.js";

/** What an activity type sees of the run during one attempt. Whatever leads outside journals first what there is to tell. */
export class AttemptContext implements ActivityContext {
  readonly #changes: (() => State)[] = [];

  constructor(
    private readonly setting: AttemptSetting,
    private readonly policy: Policy,
    private readonly journal: AttemptJournal,
    readonly signal: AbortSignal,
  ) {}

  get definition(): ActivityDefinition {
    return this.setting.activity.definition;
  }

  get properties(): JsonObject {
    return this.definition.typeProperties ?? {};
  }

  get ports(): EnginePorts {
    this.journal.write();
    return this.setting.world.ports;
  }

  get children(): ChildRuns {
    this.journal.write();
    return this.setting.world.children(this.activityRunId);
  }

  get activityRunId(): string {
    return this.setting.attempt.activityRunId;
  }

  get startedAt(): Date {
    return this.setting.attempt.start;
  }

  get secureInput(): boolean {
    return this.policy.secureInput;
  }

  get secureOutput(): boolean {
    return this.policy.secureOutput;
  }

  /** What takes effect with the activity's success, made from what holds now. */
  changes(): readonly State[] {
    return this.#changes.map((change) => change());
  }

  evaluate(json: Json | undefined, item?: Value): Value {
    const { world, frame } = this.setting;
    return world.evaluate(json ?? null, item === undefined ? frame : { ...frame, item });
  }

  showInput(input: Json): void {
    this.signal.throwIfAborted();
    this.journal.show(input);
  }

  showOutput(output: Json): void {
    this.signal.throwIfAborted();
    this.journal.showOutput(output);
  }

  recall(name: string): Value | undefined {
    const { world, place, attempt } = this.setting;
    return world.history.memory(place, attempt.number, name);
  }

  remember(key: string, value: Value): void {
    const { place, attempt } = this.setting;
    this.signal.throwIfAborted();
    this.journal.write([{ name: "memory", place, attempt: attempt.number, key, value }]);
  }

  setVariable(name: string, value: Value): void {
    const { world, place } = this.setting;
    const declared = declaredVariable(world.plan.definition, name);
    if (!declared) throw new RangeError(`The variable '${name}' is not defined in the pipeline.`);
    checkVariableValue(declared.name, declared.type, value);
    const key = declared.name.toLowerCase();
    this.#changes.push(() => ({ name: "variable", place, key, value }));
  }

  appendVariable(name: string, element: Value): void {
    const { world, place } = this.setting;
    this.#changes.push(() => {
      const elements = world.variable(name);
      const value = [...(isValueArray(elements) ? elements : []), element];
      return { name: "variable", place, key: name.toLowerCase(), value };
    });
  }

  setReturnValue(key: string, value: Value): void {
    const { place } = this.setting;
    this.#changes.push(() => ({ name: "returnValue", place, key, value }));
  }

  sleepUntil(moment: Date): Promise<void> {
    this.ports.onWait?.({ activityName: this.definition.name, why: "pause", until: moment });
    return sleepUntil(this.ports.clock, moment, this.signal);
  }

  async runScope(name: string, turn?: LoopTurn): Promise<ScopeOutcome> {
    const { world, activity, frame, place } = this.setting;
    const scope = activity.scopes.get(name);
    if (!scope) return { status: "Succeeded" };
    this.journal.write();
    const branch = { ...frame, signal: this.signal };
    if (!turn) return runScope(world, scope, { ...branch, prefix: `${place}/${name}/` });
    const loop = {
      ...branch,
      prefix: `${place}/${name}#${turn.index}/`,
      iterationHash: iterationHash(world.facts.runId, place, turn.index),
    };
    if (turn.item !== undefined) {
      return runScope(world, scope, { ...loop, item: turn.item, outputs: new Outputs(frame.outputs) });
    }
    frame.outputs.forget(scope);
    return runScope(world, scope, loop);
  }
}
