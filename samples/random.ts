/** A repeatable stream of random numbers: equal seeds give equal streams on every machine. */
export interface Random {
  /** Uniform, at least `low` and below `high`. */
  between(low: number, high: number): number;
  /** Standard normal. */
  normal(): number;
  chance(probability: number): boolean;
  /** One of the choices, as often as its weight says. */
  pick<T>(choices: readonly T[], weightOf: (choice: T) => number): T;
}

/** A generator of the mulberry32 family, seeded with a 32-bit integer. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  return {
    between: (low, high) => low + next() * (high - low),
    // the sum of twelve uniforms uses no function whose last digit differs between machines
    normal: () => Array.from({ length: 12 }, next).reduce((sum, value) => sum + value, -6),
    chance: (probability) => next() < probability,
    pick(choices, weightOf) {
      const total = choices.reduce((sum, choice) => sum + weightOf(choice), 0);
      let left = next() * total;
      for (const choice of choices) {
        left -= weightOf(choice);
        if (left < 0) return choice;
      }
      throw new RangeError("there is nothing to pick from");
    },
  };
}
