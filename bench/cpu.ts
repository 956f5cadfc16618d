/** How many of so many operations one core does in a second: by the time that it worked, not by the watch. */
export async function perCpuSecond(operations: number, work: () => void | Promise<void>): Promise<number> {
  const begun = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(begun);
  return Math.round(operations / ((user + system) / 1e6));
}
