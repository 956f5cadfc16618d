import { InvalidArgumentError } from "commander";
import { parseDuration } from "../terminal/duration.js";

/** One more value of an option that may be repeated. */
export function collect(value: string, earlier: readonly string[] | undefined): string[] {
  return [...(earlier ?? []), value];
}

/** A text that is not blank; throws commander's error for a wrong call. */
export function filled(text: string): string {
  if (text.trim() === "") throw new InvalidArgumentError("It is empty: is a variable not set?");
  return text;
}

/** One more of the texts of an option that may be repeated, none of them blank; throws as `filled` does. */
export function filledEach(text: string, earlier: readonly string[] | undefined): string[] {
  return collect(filled(text), earlier);
}

/** `90s`, `10m` or `2h` in milliseconds; throws as `filled` does. */
export function duration(text: string): number {
  const milliseconds = parseDuration(text);
  if (milliseconds === undefined) throw new InvalidArgumentError("Write it like 90s, 10m or 2h.");
  return milliseconds;
}

/** A time, or how long ago in milliseconds; throws as `filled` does. */
export function moment(text: string): Date | number {
  const ago = parseDuration(text);
  if (ago !== undefined) return ago;
  const time = /^\d{4}-\d{2}-\d{2}/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(time)) throw new InvalidArgumentError("Write it like 2h, 7d or 2024-05-01T08:00Z.");
  return new Date(time);
}

/** A whole number, where 0 stands for all; throws as `filled` does. */
export function count(text: string): number {
  if (!/^\d{1,6}$/.test(text)) throw new InvalidArgumentError("Write a whole number, 0 for all.");
  return Number(text);
}
