/** A day as it was written; what the text leaves out is today's, or the first of the month. */
export interface CalendarDay {
  readonly year: number;
  /** From 1. */
  readonly month: number;
  readonly day: number;
}

const months = ["january", "february", "march", "april", "may", "june", "july", "august"].concat([
  "september",
  "october",
  "november",
  "december",
]);
/** The last year that two digits mean; the next one is a hundred years earlier. */
const lastTwoDigitYear = 2029;

/**
 * The day in a text without time, zone and weekday, as .NET reads it under en-US: `3/15/2018`, `2018-03`, `15 Mar 2018`.
 * Undefined when it is none, and for a text that leaves out the year without a `today`.
 */
export function readDay(text: string, today: CalendarDay | undefined): CalendarDay | undefined {
  const parts = /^[\s,]*(?:(\d+|[a-z]+)(?:[\s,]*[-/.]?[\s,]*|$))*$/i.test(text)
    ? (text.match(/\d+|[a-z]+/gi) ?? [])
    : [];
  const named = parts.findIndex((part) => !/^\d/.test(part));
  const numbers = parts.filter((_, index) => index !== named);
  if (parts.length > 3 || numbers.some((part) => !/^\d{1,4}$/.test(part))) return undefined;
  if (named < 0) return numeric(numbers, today);
  const month = monthNamed(parts[named] ?? "");
  return month === 0 ? undefined : withMonth(month, named, numbers, today);
}

function numeric([a, b, c]: readonly string[], today: CalendarDay | undefined): CalendarDay | undefined {
  if (a === undefined || b === undefined) return undefined;
  if (c !== undefined) {
    return isYear(a) ? dayOf(a, Number(b), Number(c)) : dayOf(c, Number(a), Number(b));
  }
  if (isYear(a)) return dayOf(a, Number(b), 1);
  if (isYear(b)) return dayOf(b, Number(a), 1);
  return today && { year: today.year, month: Number(a), day: Number(b) };
}

/** `at` is where the month's name stands. */
function withMonth(
  month: number,
  at: number,
  [a, b]: readonly string[],
  today: CalendarDay | undefined,
): CalendarDay | undefined {
  if (a === undefined) return undefined;
  if (b !== undefined) return isYear(a) ? dayOf(a, month, Number(b)) : dayOf(b, month, Number(a));
  // a number before a month is a year, one behind it a day
  if (isYear(a) || at > 0) return dayOf(a, month, 1);
  return today && { year: today.year, month, day: Number(a) };
}

const isYear = (digits: string) => digits.length > 2;

function dayOf(yearDigits: string, month: number, day: number): CalendarDay {
  const year = Number(yearDigits);
  if (isYear(yearDigits)) return { year, month, day };
  return { year: year + (2000 + year > lastTwoDigitYear ? 1900 : 2000), month, day };
}

/** From 1; 0 when there is none. The name may be cut to three letters. */
const monthNamed = (name: string) =>
  months.findIndex((month) => [month, month.slice(0, 3)].includes(name.toLowerCase())) + 1;
