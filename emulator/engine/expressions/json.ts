import type { Value } from "./values.js";

/** As deep as Newtonsoft's reader goes by default. */
const maxDepth = 64;

export type JsonResult =
  | { readonly ok: true; readonly value: Value }
  /** What is wrong and where; never a part of the text, which may be secret. */
  | { readonly ok: false; readonly problem: string };

class Fault extends Error {}

/**
 * Parses JSON into values that keep integer and float apart (`1` and `1.0`). Lenient is what the service's own reader
 * takes: single quotes and keys without quotes.
 */
export function parseJson(text: string, options: { lenient?: boolean } = {}): JsonResult {
  const reader = new Reader(text, options.lenient === true);
  try {
    return { ok: true, value: reader.document() };
  } catch (error) {
    if (error instanceof Fault) return { ok: false, problem: error.message };
    throw error;
  }
}

class Reader {
  private at = 0;

  constructor(
    private readonly text: string,
    private readonly lenient: boolean,
  ) {}

  document(): Value {
    const value = this.value(0);
    if (this.peek() !== undefined) this.fail("unexpected text after the value");
    return value;
  }

  private value(depth: number): Value {
    if (depth > maxDepth) this.fail(`more than ${maxDepth} levels`);
    const next = this.peek();
    if (next === "{") return this.object(depth);
    if (next === "[") return this.array(depth);
    if (next === '"' || (next === "'" && this.lenient)) return this.string(next);
    const number = this.match(/-?(?:0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?(?![\w.-])/y);
    if (number) return numeral(number);
    const word = this.match(/(?:true|false|null)\b/y);
    if (word) return word[0] === "null" ? null : word[0] === "true";
    return this.fail("expected a value");
  }

  private object(depth: number): Value {
    const members = new Map<string, Value>();
    this.items("}", () => {
      const key = this.key();
      if (this.peek() !== ":") this.fail("expected ':'");
      this.at += 1;
      members.set(key, this.value(depth + 1));
    });
    return members;
  }

  private array(depth: number): Value {
    const elements: Value[] = [];
    this.items("]", () => elements.push(this.value(depth + 1)));
    return elements;
  }

  private items(close: string, read: () => void): void {
    this.at += 1;
    if (this.peek() === close) {
      this.at += 1;
      return;
    }
    for (;;) {
      read();
      const next = this.peek();
      if (next !== "," && next !== close) this.fail(`expected ',' or '${close}'`);
      this.at += 1;
      if (next === close) return;
    }
  }

  private key(): string {
    const next = this.peek();
    if (next === '"' || (next === "'" && this.lenient)) return this.string(next);
    const bare = this.lenient ? this.match(/[A-Za-z_$][\w$]*/y) : null;
    return bare ? bare[0] : this.fail("expected a key");
  }

  private string(quote: string): string {
    const from = this.at + 1;
    let end = from;
    while (end < this.text.length && this.text[end] !== quote) end += this.text[end] === "\\" ? 2 : 1;
    if (end >= this.text.length) this.fail("a string is not closed");
    const raw = this.text.slice(from, end);
    this.at = end + 1;
    const inner = quote === "'" ? raw.replace(/\\.|"/gs, requoted) : raw;
    try {
      return String(JSON.parse(`"${inner}"`));
    } catch {
      return this.fail("a string holds an invalid character or escape");
    }
  }

  /** The next character that is no blank; undefined at the end. */
  private peek(): string | undefined {
    this.match(/[ \t\r\n]*/y);
    return this.text[this.at];
  }

  private match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.at;
    const match = pattern.exec(this.text);
    if (match) this.at += match[0].length;
    return match;
  }

  private fail(problem: string): never {
    throw new Fault(`${problem} at position ${this.at}`);
  }
}

function numeral([digits = "", fraction, exponent]: RegExpExecArray): Value {
  if (fraction !== undefined || exponent !== undefined) return Number(digits);
  const integer = BigInt(digits);
  return BigInt.asIntN(64, integer) === integer ? integer : Number(digits);
}

/** A part of a text in single quotes as it is written in double quotes. */
const requoted = (found: string) => (found === '"' ? '\\"' : found === "\\'" ? "'" : found);
