import { EmbeddedActionsParser, type IParserErrorMessageProvider, type IToken, type TokenType } from "chevrotain";
import type { Expression } from "./ast.js";
import { ExpressionError } from "./expressionError.js";
import * as lexer from "./lexer.js";
import { expressionLexer } from "./lexer.js";
import type { Value } from "./values.js";

/** Azure's limit on one expression, in characters. */
export const maxExpressionLength = 8192;
/** Far beyond any written by hand; keeps the recursive parser and evaluator off the end of the stack. */
const maxNesting = 200;

const found = (actual: IToken | undefined) => (actual?.image ? `'${actual.image}'` : "the end of the expression");

const messages: IParserErrorMessageProvider = {
  buildMismatchTokenMessage: ({ expected, actual }) => `expected token '${expected.name}', found ${found(actual)}`,
  buildNotAllInputParsedMessage: ({ firstRedundant }) =>
    `nothing may follow the expression, found ${found(firstRedundant)}`,
  buildNoViableAltMessage: ({ actual }) => `expected a literal or a function call, found ${found(actual[0])}`,
  buildEarlyExitMessage: ({ actual }) => `unexpected ${found(actual[0])}`,
};

class ExpressionParser extends EmbeddedActionsParser {
  constructor() {
    super(lexer.tokens, { errorMessageProvider: messages, maxLookahead: 2 });
    this.performSelfAnalysis();
  }

  readonly expression = this.RULE(
    "expression",
    (): Expression =>
      this.OR([
        { ALT: () => this.SUBRULE(this.call) },
        { ALT: () => this.SUBRULE(this.keyword) },
        { ALT: () => this.literal(this.CONSUME(lexer.Text), textOf) },
        { ALT: () => this.literal(this.CONSUME(lexer.Numeral), numberOf) },
      ]),
  );

  private readonly keyword = this.RULE("keyword", (): Expression => this.literal(this.CONSUME(lexer.Name), keywordOf));

  private readonly call = this.RULE("call", (): Expression => {
    const name = this.CONSUME(lexer.Name);
    const args: Expression[] = [];
    this.CONSUME(lexer.LeftParenthesis);
    this.OPTION(() => {
      args.push(this.SUBRULE(this.expression));
      this.MANY(() => {
        this.CONSUME(lexer.Comma);
        args.push(this.SUBRULE1(this.expression));
      });
    });
    this.CONSUME(lexer.RightParenthesis);
    let result: Expression = { kind: "call", name: name.image, args, offset: name.startOffset };
    this.MANY1(() => {
      const optional = this.OPTION1(() => this.CONSUME(lexer.QuestionMark)) !== undefined;
      const { key, offset } = this.OR1([
        { ALT: () => this.SUBRULE(this.member) },
        { ALT: () => this.SUBRULE(this.index) },
      ]);
      result = { kind: "access", target: result, key, optional, offset };
    });
    return result;
  });

  private readonly member = this.RULE("member", (): Key => {
    const token = this.CONSUME(lexer.Member);
    const key: Expression = this.literal(token, (image) => image.slice(1).trimStart());
    return { key, offset: token.startOffset };
  });

  private readonly index = this.RULE("index", (): Key => {
    const bracket = this.CONSUME(lexer.LeftBracket);
    const key = this.SUBRULE(this.expression);
    this.CONSUME(lexer.RightBracket);
    return { key, offset: bracket.startOffset };
  });

  private literal(token: IToken, read: (image: string, offset: number) => Value): Expression {
    const offset = token.startOffset;
    return { kind: "literal", value: this.ACTION(() => read(token.image, offset)), offset };
  }
}

interface Key {
  readonly key: Expression;
  readonly offset: number;
}

const textOf = (image: string) => image.slice(1, -1).replaceAll("''", "'");

function numberOf(image: string, offset: number): Value {
  if (/[.eE]/.test(image)) return Number(image);
  const integer = BigInt(image.replace(/^\+/, ""));
  if (BigInt.asIntN(64, integer) !== integer)
    throw new ExpressionError("parse", `the number ${image} is too large`, offset);
  return integer;
}

function keywordOf(image: string, offset: number): Value {
  const keywords: Readonly<Record<string, Value>> = { null: null, true: true, false: false };
  const value = keywords[image.toLowerCase()];
  if (value === undefined || !Object.hasOwn(keywords, image.toLowerCase())) {
    throw new ExpressionError("parse", `expected '(' after the name '${image}'`, offset);
  }
  return value;
}

const parser = new ExpressionParser();

/** Parses what stands behind `@` or inside `@{}`; throws an `ExpressionError` "parse" whose offset counts in `text`. */
export function parseExpression(text: string): Expression {
  if (text.length > maxExpressionLength) {
    throw new ExpressionError(
      "parse",
      `the expression has ${text.length} characters, at most ${maxExpressionLength} are allowed`,
    );
  }
  const lexed = expressionLexer.tokenize(text);
  const unknown = lexed.errors[0];
  if (unknown) {
    const character = text.slice(unknown.offset, unknown.offset + 1);
    throw new ExpressionError("parse", `unexpected character '${character}'`, unknown.offset);
  }
  checkNesting(lexed.tokens);
  parser.input = lexed.tokens;
  const expression = parser.expression();
  const error = parser.errors[0];
  if (error) {
    const offset = error.token.startOffset;
    throw new ExpressionError("parse", error.message, Number.isNaN(offset) ? text.length : offset);
  }
  return expression;
}

function checkNesting(input: readonly IToken[]): void {
  const opening: readonly TokenType[] = [lexer.LeftParenthesis, lexer.LeftBracket];
  const closing: readonly TokenType[] = [lexer.RightParenthesis, lexer.RightBracket];
  let depth = 0;
  for (const token of input) {
    if (opening.includes(token.tokenType)) depth += 1;
    if (closing.includes(token.tokenType)) depth -= 1;
    if (depth > maxNesting) {
      throw new ExpressionError("parse", `more than ${maxNesting} levels of calls`, token.startOffset);
    }
  }
}
