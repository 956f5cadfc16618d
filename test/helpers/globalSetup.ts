/** Prepared once before all tests; see `testEmulator.ts` for what uses it. */
export function setup(): void {}
