import type { Json, JsonObject } from "../../../contract/json.js";
import type { ActivityRunStatus } from "../../../contract/runs.js";
import { toJson } from "../expressions/values.js";
import type { Policy } from "../plan/policy.js";
import type { JournalEntry } from "../ports.js";
import type { AttemptSetting } from "./attempt.js";
import { activityRecord } from "./records.js";
import type { AttemptEnd, State } from "./states.js";

/** What secureInput and secureOutput leave of an input or output. */
const masked: Json = {};

/** What one attempt tells of itself: states to go on from and the record that clients see, in as few steps as can be. */
export class AttemptJournal {
  #input: Json = {};
  #output: Json = {};
  #userProperties: JsonObject = {};
  #unwritten: readonly State[];
  #isShown: boolean;

  constructor(
    private readonly setting: AttemptSetting,
    private readonly policy: Policy,
  ) {
    const { resumed, place, attempt } = setting;
    this.#unwritten = resumed ? [] : [{ name: "attempt", place, attempt }];
    this.#isShown = resumed;
  }

  /** The record has this as `userProperties` from the next step on. */
  describe(userProperties: JsonObject): void {
    this.#userProperties = userProperties;
  }

  /** The record has this as input from the next step on. */
  show(input: Json): void {
    this.#input = input;
    this.#isShown = false;
  }

  /** The record has this as output from the next step on, also when the attempt is cancelled; another end has its own. */
  showOutput(output: Json): void {
    this.#output = output;
    this.#isShown = false;
  }

  /** Journals whatever is not journaled yet, together with these states. */
  write(states: readonly State[] = []): void {
    if (this.#isShown && states.length === 0) return;
    this.setting.world.history.append(
      [...this.#unwritten, ...states],
      this.#isShown ? [] : [this.#record("InProgress")],
    );
    this.#unwritten = [];
    this.#isShown = true;
  }

  /** Journals the end, together with what took effect with it. */
  end(end: AttemptEnd, states: readonly State[] = []): AttemptEnd {
    const { world, place, attempt } = this.setting;
    const ended: State = { name: "end", place, attempt: attempt.number, end };
    world.history.append([...this.#unwritten, ...states, ended], [this.#record(end.status, end)]);
    return end;
  }

  #record(status: ActivityRunStatus, end?: AttemptEnd): JournalEntry {
    const { world, activity, attempt, frame } = this.setting;
    const output = end && end.status !== "Cancelled" ? toJson(end.output) : this.#output;
    const record = activityRecord(world.ports.workspace, world.facts, activity, attempt, {
      status,
      ...(end && { end: end.end }),
      input: this.policy.secureInput ? masked : this.#input,
      output: this.policy.secureOutput ? masked : output,
      error: end?.error ?? null,
      userProperties: this.#userProperties,
      iterationHash: frame.iterationHash,
    });
    return { kind: "activityRun", record };
  }
}
