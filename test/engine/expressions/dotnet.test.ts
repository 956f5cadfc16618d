import { describe, expect, it } from "vitest";
import { evaluateText } from "../../../emulator/engine/expressions/evaluateText.js";
import { ExpressionError } from "../../../emulator/engine/expressions/expressionError.js";
import { ticksOf } from "../../../emulator/engine/expressions/ticks.js";
import { toJson } from "../../../emulator/engine/expressions/values.js";

const now = ticksOf(new Date("2026-11-23T10:20:30Z"));

function outcome(expression: string) {
  try {
    return toJson(evaluateText(expression, {}, { now: () => now, newGuid: () => "" }));
  } catch (error) {
    if (error instanceof ExpressionError) return error.category;
    throw error;
  }
}

describe("a timestamp", () => {
  it.each([
    ["2018-03-15T13:00:00.1234567+01:00", "2018-03-15T12:00:00.1234567+00:00"],
    ["2018/3/15T13:00", "2018-03-15T13:00:00.0000000"],
    ["2018-03-15T13:00:00.12345675Z", "2018-03-15T13:00:00.1234568Z"],
    ["2018-03-15T23:59:59.99999999", "2018-03-16T00:00:00.0000000"],
    ["2018-03-15 13:00:00 -5", "2018-03-15T18:00:00.0000000+00:00"],
    ["2018-03-15+01:00", "2018-03-14T23:00:00.0000000+00:00"],
    ["2018-03", "2018-03-01T00:00:00.0000000"],
    ["2018 March 5", "2018-03-05T00:00:00.0000000"],
    ["March 5, 2018 3 PM", "2018-03-05T15:00:00.0000000"],
    ["3:30 pm March 5, 2018", "2018-03-05T15:30:00.0000000"],
    ["March 2018", "2018-03-01T00:00:00.0000000"],
    ["March 15", "2026-03-15T00:00:00.0000000"],
    ["13:00", "2026-11-23T13:00:00.0000000"],
    ["3/5/29", "2029-03-05T00:00:00.0000000"],
    ["3-5-30", "1930-03-05T00:00:00.0000000"],
    ["15-Mar-18", "2018-03-15T00:00:00.0000000"],
    ["Thu, 15 Mar 2018 13:00:00 GMT", "2018-03-15T13:00:00.0000000Z"],
    ["2018-03-15 12:30 AM", "2018-03-15T00:30:00.0000000"],
  ])("%s is read as .NET reads it under en-US", (text, expected) => {
    expect(outcome(`@formatDateTime('${text}')`)).toBe(expected);
  });

  it.each([
    ["Friday, March 15, 2018"],
    ["Thu Mar 15 13:00:00 2018"],
    ["2018-03-15T1:00"],
    ["2018-03-15T24:00:00"],
    ["2018-03-15T13:00:00+14:01"],
    ["2018-03-15 13:00 AM"],
    ["2018-03-15 13"],
    ["2018-02-30"],
    ["31-12-2018"],
    ["20180315T130000Z"],
    ["March 45"],
    ["March 5th, 2018"],
    ["March"],
    ["2018-03Z"],
    ["today"],
  ])("%s is none", (text) => {
    expect(outcome(`@formatDateTime('${text}')`)).toBe("arg-value");
  });
});

describe("the functions", () => {
  it.each([
    ["@string(1e16)", "10000000000000000"],
    ["@string(1e17)", "1E+17"],
    ["@string(0.0001)", "0.0001"],
    ["@string(0.00001)", "1E-05"],
    ["@formatDateTime('2018-03-15T13:00:00Z','')", "3/15/2018 1:00:00 PM"],
    ["@formatDateTime('2018-03-05T13:00:00Z','d','es-ES')", "5/3/2018"],
    ["@lastIndexOf('hello','')", 4],
    ["@toUpper('ıi')", "ıI"],
    ["@base64ToString(' aGVs bG8= ')", "hello"],
    ["@dataUri(1)", "data:application/json;charset=utf-8;base64,MQ=="],
    ["@dataUri(binary('x'))", "data:application/octet-stream;base64,eA=="],
    ["@dataUri(null)", "arg-value"],
    ["@binary(null)", "arg-value"],
    ["@dataUriToString('DATA:text/plain,a+b%20c')", "a b c"],
    ["@dataUriToString('data:text/plain;charset=iso-8859-1,caf%E9')", "arg-value"],
    ["@decodeDataUri('data:text/plain;charset=iso-8859-1,caf%E9')", "café"],
    ["@dataUriToBinary('data:,x')", { "$content-type": "text/plain", $content: "eA==" }],
    ["@uriComponentToString('%u00e9')", "é"],
    ["@mod(-9223372036854775808,-1)", "overflow"],
    ["@range(3000000000,1)", "arg-value"],
    ["@rand(0,3000000000)", "arg-value"],
    ["@json('{\"1a\":2}').1a", "parse"],
  ])("%s gives what the service's own engine gives", (expression, expected) => {
    expect(outcome(expression)).toEqual(expected);
  });

  it.each([
    ["[1,2,]", [1, 2]],
    ['{"a":1} // comment', { a: 1 }],
    ['/* comment */ {a:1,b$2:3,7:"x"}', { a: 1, b$2: 3, 7: "x" }],
    ['{"a":[1', { a: [1] }],
    ["[.5,1.,1.e2,0x1F,010]", [0.5, 1, 100, 31, 8]],
    ['"a\tb"', "a\tb"],
    ["// nothing", null],
    ["[1}", "arg-value"],
    ["{a:b}", "arg-value"],
    ["08", "arg-value"],
    ["{", "arg-value"],
  ])("json takes %s as leniently as the service's reader, and no more", (text, expected) => {
    expect(outcome(`@json('${text}')`)).toEqual(expected);
  });

  it("keep a number that is none apart from JSON's numbers", () => {
    expect(outcome("@string(createArray(json('NaN'),json('-Infinity')))")).toBe('["NaN","-Infinity"]');
  });
});
