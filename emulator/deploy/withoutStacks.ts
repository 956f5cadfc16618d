/**
 * Does the work while errors have no stacks. Pulumi captures a stack for each of its thousands of promises, for a report on
 * leaked ones that is off by default; failures are reported here by their message alone.
 */
export async function withoutStacks<T>(work: () => Promise<T>): Promise<T> {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    return await work();
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}
