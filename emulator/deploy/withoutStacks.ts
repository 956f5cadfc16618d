/**
 * Does the work while errors have no stacks. Pulumi takes the stack of each of its thousands of promises, for a report on leaks
 * that is off by default; a failure is told by its message alone.
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
