/** More than these may not wait for a pipeline whose `concurrency` is used up. */
export const maxQueuedRuns = 100;

/** A run's place in its pipeline's line. */
export interface Turn {
  /** Resolves when the run may begin; rejects with the signal's reason, and then it has left the line. */
  come(signal: AbortSignal): Promise<void>;
}

/** A turn that has come already. */
export const ownTurn: Turn = { come: async () => {} };

interface Line {
  running: number;
  readonly waiting: Waiting[];
}

interface Waiting {
  called: boolean;
  call: () => void;
}

/** Who of a pipeline's runs may go on, where its `concurrency` limits how many do at once: first come, first served. */
export class Turns {
  private readonly lines = new Map<string, Line>();

  isFree(pipeline: string, limit: number): boolean {
    const { running, waiting } = this.line(pipeline);
    return running < limit && waiting.length === 0;
  }

  queued(pipeline: string): number {
    return this.line(pipeline).waiting.length;
  }

  take(pipeline: string): Turn {
    this.line(pipeline).running += 1;
    return ownTurn;
  }

  /** A place at the end of the line. */
  queue(pipeline: string): Turn {
    const { waiting } = this.line(pipeline);
    const place: Waiting = { called: false, call: () => {} };
    waiting.push(place);
    return {
      come: (signal) =>
        new Promise((resolve, reject) => {
          const leave = () => {
            if (place.called) return;
            waiting.splice(waiting.indexOf(place), 1);
            reject(signal.reason);
          };
          place.call = () => {
            signal.removeEventListener("abort", leave);
            resolve();
          };
          if (place.called) resolve();
          else if (signal.aborted) leave();
          else signal.addEventListener("abort", leave, { once: true });
        }),
    };
  }

  /** Gives a turn back: the next in line has it. */
  give(pipeline: string): void {
    const line = this.line(pipeline);
    const next = line.waiting.shift();
    if (!next) {
      line.running -= 1;
      return;
    }
    next.called = true;
    next.call();
  }

  private line(pipeline: string): Line {
    const key = pipeline.toLowerCase();
    const line = this.lines.get(key) ?? { running: 0, waiting: [] };
    this.lines.set(key, line);
    return line;
  }
}
