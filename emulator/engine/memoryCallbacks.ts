import type { CallbacksPort } from "./ports.js";
import { orAborted } from "./run/stop.js";

/** Callbacks that live as long as their process: `deliver` is what a POST to a callback's address does. */
export interface MemoryCallbacks extends CallbacksPort {
  /** False when there is no such address. Only the first body counts. */
  deliver(uri: string, body: string): boolean;
}

/** `address` makes the address of an activity run's callback. */
export function memoryCallbacks(address: (activityRunId: string) => string | Promise<string>): MemoryCallbacks {
  const waiting = new Map<string, PromiseWithResolvers<string> & { readonly uri: string }>();
  return {
    async uri(activityRunId) {
      const known = waiting.get(activityRunId) ?? { ...withResolvers<string>(), uri: await address(activityRunId) };
      waiting.set(activityRunId, known);
      return known.uri;
    },
    async received(activityRunId, signal) {
      const callback = waiting.get(activityRunId);
      if (!callback) throw new RangeError(`There is no callback of the activity run ${activityRunId}.`);
      return orAborted(callback.promise, signal);
    },
    deliver(uri, body) {
      const found = [...waiting.values()].find((each) => each.uri === uri);
      found?.resolve(body);
      return found !== undefined;
    },
  };
}

interface PromiseWithResolvers<T> {
  readonly promise: Promise<T>;
  readonly resolve: (value: T) => void;
}

/** `Promise.withResolvers`, which Node 20 has not. */
function withResolvers<T>(): PromiseWithResolvers<T> {
  let resolve: (value: T) => void = () => {};
  const promise = new Promise<T>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
