export type ExpressionErrorCategory =
  | "parse"
  | "unknown-function"
  | "arg-count"
  | "arg-type"
  | "arg-value"
  | "missing-property"
  | "null-selection"
  | "bad-selection"
  | "index-out-of-range"
  | "divide-by-zero"
  | "overflow"
  | "unknown-variable"
  | "unknown-activity"
  | "item-out-of-scope";

/** An expression that cannot be parsed or evaluated. The message names types and keys, never a value: it may be secret. */
export class ExpressionError extends Error {
  override readonly name = "ExpressionError";
  readonly category: ExpressionErrorCategory;
  /** Where in the text the fault is, counted from 0 in UTF-16 units. */
  readonly offset: number | undefined;

  constructor(category: ExpressionErrorCategory, message: string, offset?: number) {
    super(message);
    this.category = category;
    this.offset = offset;
  }
}
