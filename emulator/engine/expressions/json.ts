import type { Value } from "./values.js";

/** Deeper than any document that is meant to be one; the reader is recursive. */
const maxDepth = 500;

export type JsonResult =
  | { readonly ok: true; readonly value: Value }
  /** What is wrong and where; never a part of the text, which may be secret. */
  | { readonly ok: false; readonly problem: string };

class Fault extends Error {}

/**
 * Parses JSON into values that keep integer and float apart (`1` and `1.0`). Lenient is what the service's own reader
 * (Newtonsoft's) takes: single quotes, keys without quotes, comments, a comma too much, a missing end, text after the
 * end, control characters in strings, and numbers that are none in JSON (`.5`, `1.`, `0x1F`, `010` for 8, `NaN`).
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
    if (this.lenient && this.peek() === undefined) return null;
    const value = this.value(0);
    if (!this.lenient && this.peek() !== undefined) this.fail("unexpected text after the value");
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
    return (this.lenient ? this.looseNumber() : undefined) ?? this.fail("expected a value");
  }

  private looseNumber(): Value | undefined {
    const name = this.match(/(?:NaN|-?Infinity)\b/y);
    if (name) return Number(name[0]);
    const hexadecimal = this.match(/0[xX][\da-fA-F]{1,15}(?![\w.-])/y);
    if (hexadecimal) return BigInt(hexadecimal[0]);
    const octal = this.match(/-?0([0-7]{1,20})(?![\w.-])/y);
    if (octal) return octal[0].startsWith("-") ? -BigInt(`0o${octal[1]}`) : BigInt(`0o${octal[1]}`);
    const decimal = this.match(/-?(?:\d+\.\d*|\.\d+)(?:[eE][+-]?\d+)?(?![\w.-])/y);
    return decimal ? Number(decimal[0]) : undefined;
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
      if (next === undefined && this.lenient) return;
      if (next !== "," && next !== close) this.fail(`expected ',' or '${close}'`);
      this.at += 1;
      const tooMany = next === "," && this.lenient && this.peek() === close;
      if (tooMany) this.at += 1;
      if (next === close || tooMany) return;
    }
  }

  private key(): string {
    const next = this.peek();
    if (next === '"' || (next === "'" && this.lenient)) return this.string(next);
    const bare = this.lenient ? this.match(/[\p{L}\p{N}_$]+/uy) : null;
    return bare ? bare[0] : this.fail("expected a key");
  }

  private string(quote: string): string {
    const from = this.at + 1;
    let end = from;
    while (end < this.text.length && this.text[end] !== quote) end += this.text[end] === "\\" ? 2 : 1;
    if (end >= this.text.length) this.fail("a string is not closed");
    const raw = this.text.slice(from, end);
    this.at = end + 1;
    const inner = this.lenient ? raw.replace(/\\.|["\p{Cc}]/gsu, strictly) : raw;
    try {
      return String(JSON.parse(`"${inner}"`));
    } catch {
      return this.fail("a string holds an invalid character or escape");
    }
  }

  /** The next character that is no blank; undefined at the end. */
  private peek(): string | undefined {
    this.match(this.lenient ? /(?:\s+|\/\/.*|\/\*[\s\S]*?(?:\*\/|$))*/y : /[ \t\r\n]*/y);
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

/** A part of a string as strict JSON writes it: quotes of either kind, control characters. */
function strictly(found: string): string {
  if (found === "\\'") return "'";
  if (found.length > 1) return found;
  return found === '"' ? '\\"' : JSON.stringify(found).slice(1, -1);
}
