import { type CustomPatternMatcherFunc, createToken, Lexer } from "chevrotain";

/** Chevrotain drops the `u` flag of a plain pattern, without which `\p{L}` means something else. */
function unicode(pattern: RegExp): CustomPatternMatcherFunc {
  const sticky = new RegExp(pattern.source, "uy");
  return (text, offset) => {
    sticky.lastIndex = offset;
    const match = sticky.exec(text);
    return match ? [match[0]] : null;
  };
}

export const Blank = createToken({ name: "Blank", pattern: /\s+/, group: Lexer.SKIPPED, line_breaks: true });
export const Text = createToken({ name: "StringLiteral", pattern: /'(?:[^']|'')*'/, line_breaks: true });
/** `.5` is no number, `-.5` and `1.` are. */
export const Numeral = createToken({
  name: "NumericLiteral",
  pattern: /(?:[+-]?\d+(?:\.\d*)?|[+-]\.\d+)(?:[eE][+-]?\d+)?/,
});
export const Name = createToken({
  name: "Identifier",
  pattern: unicode(/[\p{L}_][\p{L}\p{N}_]*/u),
  line_breaks: false,
});
export const Member = createToken({
  name: "Member",
  pattern: unicode(/\.\s*[\p{L}_][\p{L}\p{N}_]*/u),
  line_breaks: true,
});
export const LeftParenthesis = createToken({ name: "LeftParenthesis", pattern: "(" });
export const RightParenthesis = createToken({ name: "RightParenthesis", pattern: ")" });
export const LeftBracket = createToken({ name: "LeftSquareBracket", pattern: "[" });
export const RightBracket = createToken({ name: "RightSquareBracket", pattern: "]" });
export const Comma = createToken({ name: "Comma", pattern: "," });
export const QuestionMark = createToken({ name: "QuestionMark", pattern: "?" });

export const tokens = [
  Blank,
  Text,
  Numeral,
  Name,
  Member,
  LeftParenthesis,
  RightParenthesis,
  LeftBracket,
  RightBracket,
  Comma,
  QuestionMark,
];

export const expressionLexer = new Lexer(tokens, { positionTracking: "onlyOffset" });
