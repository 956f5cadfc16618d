import { dayMs, firstMoment, hourMs, localTime, minuteMs } from "./localTime.js";
import { type Recurrence, type WeekDay, weekDays } from "./recurrence.js";

/** A schedule that has not met in so many steps never does (the 31st of every second February…). */
const maxSteps = 2000;

/**
 * When a recurrence occurs first after a moment; undefined when it does not any more. Days, weeks and months go by the
 * zone's clocks, minutes and hours by elapsed time, as the schedule trigger's page has it for daylight saving.
 */
export function nextOccurrence(recurrence: Recurrence, after: Date): Date | undefined {
  const from = Math.max(after.getTime() + 1, recurrence.start.getTime());
  const { frequency } = recurrence;
  const momentsOf =
    frequency === "minute" || frequency === "hour" ? elapsedSteps(recurrence) : calendarSteps(recurrence);
  const first = momentsOf.stepBefore(from);
  for (let step = first; step < first + maxSteps; step += 1) {
    const moment = momentsOf.at(step).find((each) => each >= from);
    if (moment === undefined) continue;
    return recurrence.end && moment > recurrence.end.getTime() ? undefined : new Date(moment);
  }
  return undefined;
}

/** The moments of each step of a recurrence, in order; steps count from 0. */
interface Steps {
  /** A step that does not end after the moment. */
  stepBefore(moment: number): number;
  at(step: number): readonly number[];
}

function elapsedSteps({ frequency, interval, start, zone, schedule }: Recurrence): Steps {
  const stepMs = interval * (frequency === "hour" ? hourMs : minuteMs);
  // minutes of the schedule count from the full hour
  const byMinutes = frequency === "hour" ? schedule.minutes : undefined;
  const begin = byMinutes ? start.getTime() - (localTime(start.getTime(), zone) % hourMs) : start.getTime();
  const fits = (moment: number) => {
    const local = new Date(localTime(moment, zone));
    const { hours = [local.getUTCHours()], minutes = [local.getUTCMinutes()] } = schedule;
    return hours.includes(local.getUTCHours()) && minutes.includes(local.getUTCMinutes());
  };
  return {
    stepBefore: (moment) => Math.max(0, Math.floor((moment - begin) / stepMs) - 1),
    at: (step) =>
      ascending(byMinutes ?? [0])
        .map((minute) => begin + step * stepMs + minute * minuteMs)
        .filter(fits),
  };
}

function calendarSteps(recurrence: Recurrence): Steps {
  const { frequency, interval, start, zone } = recurrence;
  const localStart = localTime(start.getTime(), zone);
  const startDay = localStart - (localStart % dayMs);
  const times = timesOfDay(recurrence, localStart % dayMs);
  const [year, month] = [new Date(startDay).getUTCFullYear(), new Date(startDay).getUTCMonth()];
  const daysOf = (step: number): readonly number[] => {
    if (frequency === "month")
      return daysOfMonth(recurrence, year, month + step * interval, new Date(startDay).getUTCDate());
    if (frequency === "day") return [startDay + step * interval * dayMs];
    return daysOfWeek(recurrence, startDay + step * interval * 7 * dayMs);
  };
  const longest = { day: dayMs, week: 7 * dayMs, month: 31 * dayMs, hour: hourMs, minute: minuteMs }[frequency];
  return {
    stepBefore: (moment) => {
      const elapsed = localTime(moment, zone) - startDay - dayMs - 7 * dayMs;
      return Math.max(0, Math.floor(elapsed / (longest * interval)) - 1);
    },
    at: (step) =>
      ascending(daysOf(step).flatMap((day) => times.map((time) => firstMoment(day + time, zone).getTime()))),
  };
}

/**
 * The times of day in milliseconds. Minutes without hours mean every hour: so the page's examples have it ("every 15
 * minutes on weekdays"), against its sentence that the start time's hour is taken, which holds when both are absent.
 */
function timesOfDay({ schedule }: Recurrence, startTime: number): readonly number[] {
  const { hours, minutes } = schedule;
  if (!hours && !minutes) return [startTime];
  const everyHour = Array.from({ length: 24 }, (_, hour) => hour);
  const ofStart = startTime % hourMs;
  const inHour = minutes?.map((minute) => minute * minuteMs) ?? [ofStart];
  return (hours ?? everyHour).flatMap((hour) => inHour.map((time) => hour * hourMs + time));
}

/** Weeks begin on Sunday, as .NET's do; that counts when the interval is more than one. */
function daysOfWeek({ schedule }: Recurrence, day: number): readonly number[] {
  const today = new Date(day).getUTCDay();
  return schedule.weekDays?.map((name) => day + (weekDays.indexOf(name) - today) * dayMs) ?? [day];
}

/** `month` counts on beyond December. A month that has not the start's day takes its last one. */
function daysOfMonth({ schedule }: Recurrence, year: number, month: number, startDay: number): readonly number[] {
  const length = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  const { monthDays, monthlyOccurrences } = schedule;
  const fromDays = monthDays?.map((day) => (day < 0 ? length + 1 + day : day)) ?? [];
  const fromOccurrences = monthlyOccurrences?.flatMap(({ day, occurrence }) => {
    const all = daysNamed(day, year, month, length);
    return occurrence ? [all.at(occurrence < 0 ? occurrence : occurrence - 1) ?? 0] : all;
  });
  const days =
    monthDays || monthlyOccurrences ? [...fromDays, ...(fromOccurrences ?? [])] : [Math.min(startDay, length)];
  return days.filter((day) => day >= 1 && day <= length).map((day) => Date.UTC(year, month, day));
}

function daysNamed(name: WeekDay, year: number, month: number, length: number): readonly number[] {
  const first = 1 + ((weekDays.indexOf(name) - new Date(Date.UTC(year, month, 1)).getUTCDay() + 7) % 7);
  return Array.from({ length: 5 }, (_, week) => first + week * 7).filter((day) => day <= length);
}

const ascending = (numbers: readonly number[]) => [...numbers].sort((one, other) => one - other);
