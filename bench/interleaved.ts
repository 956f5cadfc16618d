import { type Figure, median } from "./figure.js";

/** Does each work in turn, `rounds` times over; resolves with each one's numbers, so that all met the same load. */
export async function interleaved(works: readonly (() => Promise<number>)[], rounds: number): Promise<number[][]> {
  const results = works.map((): number[] => []);
  for (let round = 0; round < rounds; round += 1) {
    for (const [index, work] of works.entries()) results[index]?.push(await work());
  }
  return results;
}

/** A figure in milliseconds that was measured beside a peer's. */
export function compared(name: string, own: readonly number[], peer: string, other: readonly number[]): Figure {
  const [value, beside] = [median(own), median(other)];
  return { name, value: Math.round(value), unit: "ms", peer, ratio: Math.round((value / beside) * 100) / 100 };
}
