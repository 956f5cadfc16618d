/** The nodes of clusters: a job waits until the cluster has as many free as it needs. */
export interface ComputeSlots {
  /** Resolves with a function that gives the nodes back; rejects with the signal's reason when it is aborted before. */
  take(computeId: string, nodes: number, maxNodes: number, signal: AbortSignal): Promise<() => void>;
}

export function createComputeSlots(): ComputeSlots {
  const used = new Map<string, number>();
  const waiting = new Map<string, Set<() => void>>();
  const wake = (key: string) => {
    for (const retry of [...(waiting.get(key) ?? [])]) retry();
  };
  return {
    async take(computeId, nodes, maxNodes, signal) {
      const key = computeId.toLowerCase();
      const queue = waiting.get(key) ?? new Set();
      waiting.set(key, queue);
      await new Promise<void>((resolve, reject) => {
        const settle = (done: () => void) => {
          queue.delete(attempt);
          signal.removeEventListener("abort", attempt);
          done();
        };
        function attempt() {
          const busy = used.get(key) ?? 0;
          if (signal.aborted) settle(() => reject(signal.reason));
          else if (busy + nodes <= maxNodes) {
            used.set(key, busy + nodes);
            settle(resolve);
          }
        }
        queue.add(attempt);
        signal.addEventListener("abort", attempt);
        attempt();
      });
      return () => {
        used.set(key, (used.get(key) ?? 0) - nodes);
        wake(key);
      };
    },
  };
}
