import { DateTime } from "luxon";
import { z } from "zod";
import { azureTimestamp } from "../../../../contract/runs.js";
import { badRequest } from "../errors.js";

const filterBody = z.object({
  lastUpdatedAfter: z.string().nullish(),
  lastUpdatedBefore: z.string().nullish(),
  continuationToken: z.string().nullish(),
  filters: z
    .array(
      z.object({
        operand: z.string(),
        operator: z.enum(["Equals", "NotEquals", "In", "NotIn"]),
        values: z.array(z.string()).min(1),
      }),
    )
    .nullish(),
  orderBy: z.array(z.object({ orderBy: z.string(), order: z.enum(["ASC", "DESC"]) })).nullish(),
});

/**
 * A column that clients may name. `moment` columns hold times, and filter values are compared as times; a `flag` asked
 * for as false is no condition at all.
 */
export interface Column {
  readonly column: string;
  readonly kind: "text" | "moment" | "flag";
  readonly sortable: boolean;
}

/** What a kind of run may be filtered and sorted by: the wire's operand → column. */
export type Columns = Readonly<Record<string, Column>>;

/** A checked query: SQL conditions with their values, the order, and the token of the page before. */
export interface RunFilter {
  readonly conditions: readonly { readonly sql: string; readonly value: string }[];
  readonly order: readonly string[];
  readonly continuationToken: string | null | undefined;
}

/** How long a request may have been on its way: its window ends at the present that its caller read before. */
const onItsWayMs = 60_000;

/**
 * Reads a RunFilterParameters body. A window's end that is not before the caller's present, `realNow`, is no end: records
 * carry the emulator's time, `now`, which may be ahead of the caller's watch.
 */
export function readRunFilter(
  body: unknown,
  options: { readonly columns: Columns; readonly windowRequired: boolean; readonly realNow: Date; readonly now: Date },
): RunFilter {
  const parsed = filterBody.safeParse(body ?? {});
  if (!parsed.success) throw badRequest(`The filter parameters are not valid: ${z.prettifyError(parsed.error)}`);
  const { lastUpdatedAfter, lastUpdatedBefore, filters, orderBy, continuationToken } = parsed.data;
  const window = { lastUpdatedAfter, lastUpdatedBefore };
  const conditions: { sql: string; value: string }[] = [];
  const { now, realNow } = options;
  const present = now > realNow ? new Date(realNow.getTime() - onItsWayMs) : realNow;
  for (const [name, text] of Object.entries(window)) {
    if (text === undefined || text === null) {
      if (options.windowRequired) throw badRequest(`The filter parameter '${name}' is required.`);
      continue;
    }
    const moment = momentOf(text, name);
    if (name === "lastUpdatedAfter") conditions.push({ sql: "last_updated >= ?", value: azureTimestamp(moment) });
    else if (moment < present) conditions.push({ sql: "last_updated <= ?", value: azureTimestamp(moment) });
  }
  for (const { operand, operator, values } of filters ?? []) {
    const { column, kind } = columnOf(options.columns, operand, () => true);
    const list = kind === "moment" ? values.map((value) => azureTimestamp(momentOf(value, operand))) : values;
    if (list.length > 1 && (operator === "Equals" || operator === "NotEquals")) {
      throw badRequest(`The operator ${operator} of ${operand} takes one value.`);
    }
    if (kind === "flag") {
      if (values[0]?.toLowerCase() === "true") conditions.push({ sql: `${column} = ?`, value: "true" });
      continue;
    }
    const negated = operator === "NotEquals" || operator === "NotIn";
    const listed = `${column} IN (SELECT value FROM json_each(?))`;
    const sql = negated ? `(${column} IS NULL OR NOT ${listed})` : listed;
    conditions.push({ sql, value: JSON.stringify(list) });
  }
  const order = (orderBy ?? []).map((one) => {
    const { column } = columnOf(options.columns, one.orderBy, ({ sortable }) => sortable);
    return `${column} ${one.order}`;
  });
  return { conditions, order, continuationToken };
}

function columnOf(columns: Columns, name: string, usable: (column: Column) => boolean): Column {
  const found = Object.hasOwn(columns, name) ? columns[name] : undefined;
  if (found && usable(found)) return found;
  const known = Object.keys(columns).filter((key) => columns[key] && usable(columns[key]));
  throw badRequest(`'${name}' does not apply to these runs; what does: ${known.join(", ")}.`);
}

function momentOf(text: string, name: string): Date {
  const moment = DateTime.fromISO(text, { zone: "utc" });
  if (!moment.isValid) throw badRequest(`The value '${text}' of ${name} is not an ISO 8601 time.`);
  return moment.toJSDate();
}
