/** What a language writes differently in a date: names, separators, and the patterns that one letter stands for. */
export interface Culture {
  readonly dateSeparator: string;
  readonly timeSeparator: string;
  name(date: Date, part: Intl.DateTimeFormatOptions): string;
  /** `AM`, `PM` or the language's own words; empty where it has none. */
  half(date: Date): string;
  /** The date as one of .NET's culture-dependent standard formats (d D f F g G m t T U y); undefined for another letter. */
  standard(date: Date, letter: string): string | undefined;
}

/** What the one-letter formats are made of; `short` is the language's own short date, with four digits of the year. */
const standardParts = (
  short: Intl.DateTimeFormatOptions,
): Readonly<Record<string, readonly Intl.DateTimeFormatOptions[]>> => ({
  d: [short],
  D: [{ dateStyle: "full" }],
  f: [{ dateStyle: "full" }, { timeStyle: "short" }],
  F: [{ dateStyle: "full" }, { timeStyle: "medium" }],
  g: [short, { timeStyle: "short" }],
  G: [short, { timeStyle: "medium" }],
  m: [{ month: "long", day: "numeric" }],
  t: [{ timeStyle: "short" }],
  T: [{ timeStyle: "medium" }],
  U: [{ dateStyle: "full" }, { timeStyle: "medium" }],
  y: [{ year: "numeric", month: "long" }],
});

const cultures = new Map<string, Culture>();

/** The culture of a language tag (`fr-FR`), from the Unicode data that .NET uses, too; undefined when there is none. */
export function cultureNamed(tag: string): Culture | undefined {
  const known = cultures.get(tag) ?? openCulture(tag);
  if (known) cultures.set(tag, known);
  return known;
}

function openCulture(tag: string): Culture | undefined {
  if (!isLanguage(tag)) return undefined;
  const format = (date: Date, options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(tag, { ...options, timeZone: "UTC" }).format(date);
  const short = shortDate(tag);
  const standard = standardParts(short);
  const separator = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(tag, options)
      .formatToParts(0)
      .find(({ type }) => type === "literal")
      ?.value.trim();
  return {
    dateSeparator: separator(short) || "/",
    timeSeparator: separator({ timeStyle: "medium" }) || ":",
    name: format,
    half: (date) =>
      new Intl.DateTimeFormat(tag, { hour: "numeric", hour12: true, timeZone: "UTC" })
        .formatToParts(date)
        .find(({ type }) => type === "dayPeriod")?.value ?? "",
    standard: (date, letter) => standard[letter]?.map((options) => format(date, options)).join(" "),
  };
}

function shortDate(tag: string): Intl.DateTimeFormatOptions {
  const parts = new Intl.DateTimeFormat(tag, { dateStyle: "short", timeZone: "UTC" }).formatToParts(0);
  const digits = (type: "day" | "month") =>
    parts.find((part) => part.type === type)?.value.length === 2 ? "2-digit" : "numeric";
  return { year: "numeric", month: digits("month"), day: digits("day") };
}

function isLanguage(tag: string): boolean {
  try {
    return Intl.DateTimeFormat.supportedLocalesOf(tag).length > 0;
  } catch {
    return false;
  }
}
