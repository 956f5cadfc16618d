const pattern = /^(?:(\d{1,3})\.)?(\d{1,2}):(\d{2}):(\d{2})$/;

/** Milliseconds of a `d.hh:mm:ss` or `hh:mm:ss`; undefined when the text is neither. */
export function parseDuration(text: string): number | undefined {
  const match = pattern.exec(text);
  if (!match) return undefined;
  const [days, hours, minutes, seconds] = match.slice(1).map((part) => Number(part ?? 0));
  if (days === undefined || hours === undefined || minutes === undefined || seconds === undefined) return undefined;
  if (hours > 23 || minutes > 59 || seconds > 59) return undefined;
  return (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000;
}

const pad = (number: number) => number.toString().padStart(2, "0");

/** `hh:mm:ss.fffffff`, with days before it where there are any: how .NET prints a time span. */
export function formatDuration(milliseconds: number): string {
  const seconds = Math.floor(milliseconds / 1000);
  const days = Math.floor(seconds / 86_400);
  const time = [Math.floor(seconds / 3600) % 24, Math.floor(seconds / 60) % 60, seconds % 60].map(pad).join(":");
  const fraction = (milliseconds % 1000).toString().padStart(3, "0");
  return `${days > 0 ? `${days}.` : ""}${time}.${fraction}0000`;
}
