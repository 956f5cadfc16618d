import type { Culture } from "./culture.js";
import { dateOf } from "./ticks.js";
import { type Timestamp, ticksPerSecond } from "./timestamp.js";

/** .NET's standard formats under en-US, as custom patterns. */
const standard: Readonly<Record<string, string>> = {
  d: "M/d/yyyy",
  D: "dddd, MMMM d, yyyy",
  f: "dddd, MMMM d, yyyy h:mm tt",
  F: "dddd, MMMM d, yyyy h:mm:ss tt",
  g: "M/d/yyyy h:mm tt",
  G: "M/d/yyyy h:mm:ss tt",
  m: "MMMM d",
  o: "yyyy-MM-ddTHH:mm:ss.fffffffK",
  r: "ddd, dd MMM yyyy HH:mm:ss 'GMT'",
  s: "yyyy-MM-ddTHH:mm:ss",
  t: "h:mm tt",
  T: "h:mm:ss tt",
  u: "yyyy-MM-dd HH:mm:ss'Z'",
  U: "dddd, MMMM d, yyyy h:mm:ss tt",
  y: "MMMM yyyy",
};
const aliases: Readonly<Record<string, string>> = { M: "m", O: "o", R: "r", Y: "y" };

const part = /\\(.)|%([A-Za-z])|'([^']*)'|"([^"]*)"|(y+|M+|d+|h+|H+|m+|s+|f+|F+|t+|z+|g+|K)|([^\\%'"])/gsy;

/** The standard formats that are the same in every language. */
const invariant = "oOrRsu";

/**
 * The timestamp in a .NET format (one letter of the standard ones, or a custom pattern); undefined for a bad format.
 * Without a culture it is American English.
 */
export function formatTimestamp(timestamp: Timestamp, format: string, culture?: Culture): string | undefined {
  if (format === "") return formatTimestamp(timestamp, "G", culture);
  if (culture && format.length === 1 && !invariant.includes(format)) {
    return culture.standard(dateOf(timestamp.ticks), aliases[format] ?? format);
  }
  const pattern = format.length === 1 ? standard[aliases[format] ?? format] : format;
  if (pattern === undefined) return undefined;
  let text = "";
  part.lastIndex = 0;
  while (part.lastIndex < pattern.length) {
    const match = part.exec(pattern);
    if (!match) return undefined;
    const [, escaped, single, quoted, doubleQuoted, letters, other] = match;
    const token = single ?? letters;
    if (token === undefined) {
      text += escaped ?? quoted ?? doubleQuoted ?? separator(other ?? "", culture);
      continue;
    }
    const rendered = render(timestamp, token, culture);
    if (rendered === undefined) return undefined;
    // an empty optional fraction takes its point along
    if (rendered === "" && token.startsWith("F") && text.endsWith(".")) text = text.slice(0, -1);
    text += rendered;
  }
  return text;
}

function render({ ticks, zone }: Timestamp, token: string, culture: Culture | undefined): string | undefined {
  const date = dateOf(ticks);
  const count = token.length;
  const name = culture ? culture.name : englishName;
  const upToTwo = (number: number) => number.toString().padStart(Math.min(count, 2), "0");
  switch (token.charAt(0)) {
    case "y":
      return count <= 2 ? upToTwo(date.getUTCFullYear() % 100) : date.getUTCFullYear().toString().padStart(count, "0");
    case "M":
      return count <= 2 ? upToTwo(date.getUTCMonth() + 1) : name(date, { month: count === 3 ? "short" : "long" });
    case "d":
      return count <= 2 ? upToTwo(date.getUTCDate()) : name(date, { weekday: count === 3 ? "short" : "long" });
    case "h":
      return upToTwo(date.getUTCHours() % 12 || 12);
    case "H":
      return upToTwo(date.getUTCHours());
    case "m":
      return upToTwo(date.getUTCMinutes());
    case "s":
      return upToTwo(date.getUTCSeconds());
    case "t":
      return (culture ? culture.half(date) : date.getUTCHours() < 12 ? "AM" : "PM").slice(
        0,
        count === 1 ? 1 : undefined,
      );
    case "z":
      return count <= 2 ? `+${upToTwo(0)}` : "+00:00";
    case "g":
      return "AD";
    case "K":
      return zone;
    case "f":
    case "F":
      return fraction(ticks, token);
    default:
      return token;
  }
}

function fraction(ticks: bigint, token: string): string | undefined {
  if (token.length > 7) return undefined;
  const digits = (ticks % ticksPerSecond).toString().padStart(7, "0").slice(0, token.length);
  return token.startsWith("F") ? digits.replace(/0+$/, "") : digits;
}

function separator(character: string, culture: Culture | undefined): string {
  if (character === "/") return culture?.dateSeparator ?? character;
  return character === ":" ? (culture?.timeSeparator ?? character) : character;
}

const englishName = (date: Date, part: Intl.DateTimeFormatOptions) =>
  date.toLocaleDateString("en-US", { ...part, timeZone: "UTC" });
