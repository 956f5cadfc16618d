const format = new Intl.DateTimeFormat("en-US", {
  timeZone: "UTC",
  year: "numeric",
  month: "numeric",
  day: "numeric",
  hour: "numeric",
  minute: "2-digit",
  second: "2-digit",
});

/** `8/21/2018 3:22:00 PM`: how .NET writes a moment (UTC) in the messages of Azure's services; empty when there is none. */
export function utcTime(moment: Date | undefined): string {
  // the blank before AM and PM is a narrow no-break one in newer locale data
  return moment === undefined ? "" : format.format(moment).replace(",", "").replaceAll("\u202f", " ");
}
