/** What can go wrong on purpose. */
export const faultKinds = [
  "throttle",
  "unavailable",
  "error",
  "latency",
  "reset",
  "half-body",
  "expired-token",
] as const;

export type FaultKind = (typeof faultKinds)[number];
