import type { Clock } from "../../contract/clock.js";
import { messageOf } from "../../contract/errors.js";
import type { ShownChange } from "./plan.js";
import type { Subject } from "./registration.js";

/** What happens to a resource while it is deployed, or would happen in a preview; the caller prints it. */
export interface DeployEvent {
  readonly kind:
    | "started"
    | "created"
    | "updated"
    | "replaced"
    | "unchanged"
    | "deleted"
    /** Left to whoever keeps it, or gone with the resource that it was in. */
    | "forgotten"
    | "failed";
  /** The Pulumi type token: `azure-native:keyvault:Vault`. */
  readonly type: string;
  readonly name: string;
  readonly urn: string;
  /** Zero for `started` and `unchanged`, and in a preview. */
  readonly milliseconds: number;
  /** What differs in a resource that is updated or replaced. */
  readonly changes?: readonly ShownChange[];
}

/** How many resources a deployment created (replaced ones too), updated, deleted and left as they were. */
export interface Changes {
  created: number;
  updated: number;
  deleted: number;
  unchanged: number;
}

/** Of nothing. */
export const noChanges = (): Changes => ({ created: 0, updated: 0, deleted: 0, unchanged: 0 });

const counters: Readonly<Record<DeployEvent["kind"], keyof Changes | undefined>> = {
  created: "created",
  replaced: "created",
  updated: "updated",
  deleted: "deleted",
  unchanged: "unchanged",
  started: undefined,
  forgotten: undefined,
  failed: undefined,
};

/** Adds an event to the count. */
export function count(changes: Changes, event: DeployEvent): void {
  const counter = counters[event.kind];
  if (counter) changes[counter] += 1;
}

/** Tells of each step as it begins and ends. */
export class Reporter {
  readonly #clock: Clock;
  readonly #onEvent: (event: DeployEvent) => void;

  constructor(clock: Clock, onEvent: (event: DeployEvent) => void) {
    this.#clock = clock;
    this.#onEvent = onEvent;
  }

  /** Something took no work. */
  tell(kind: DeployEvent["kind"], subject: Subject, changes?: readonly ShownChange[], milliseconds = 0): void {
    const { urn, type, name } = subject;
    this.#onEvent({ kind, urn, type, name, milliseconds, ...(changes && { changes }) });
  }

  async timed<T>(
    kind: DeployEvent["kind"],
    subject: Subject,
    work: () => Promise<T>,
    changes?: readonly ShownChange[],
  ): Promise<T> {
    const start = this.#clock.now().getTime();
    const elapsed = () => this.#clock.now().getTime() - start;
    this.tell("started", subject);
    try {
      const result = await work();
      this.tell(kind, subject, changes, elapsed());
      return result;
    } catch (error) {
      this.tell("failed", subject, undefined, elapsed());
      throw error instanceof Error ? error : new Error(messageOf(error));
    }
  }
}
