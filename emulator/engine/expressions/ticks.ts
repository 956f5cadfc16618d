/** .NET's ticks: steps of 100 ns since 0001-01-01T00:00:00Z. */
const ticksAtUnixEpoch = 621_355_968_000_000_000n;
const ticksPerMillisecond = 10_000n;

export function ticksOf(moment: Date): bigint {
  return ticksAtUnixEpoch + BigInt(moment.getTime()) * ticksPerMillisecond;
}

/** The moment, cut to milliseconds. */
export function dateOf(ticks: bigint): Date {
  return new Date(Number((ticks - ticksAtUnixEpoch) / ticksPerMillisecond));
}
