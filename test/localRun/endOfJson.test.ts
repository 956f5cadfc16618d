import fc from "fast-check";
import { expect, it } from "vitest";
import { endOfJson } from "../../emulator/localRun/endOfJson.js";

it.each([
  ["a comma before the end of a list", "[1, 2,|]"],
  ["a comma before the end of an object", '{"a": 1,|}'],
  ["no comma", '{"a": 1 |"b": 2}'],
  ["no colon", '{"a" |1}'],
  ["a name without quotes", "{|a: 1}"],
  ["single quotes", "[|'a']"],
  ["a comment", "{ |// none\n}"],
  ["a line break in a string", '{"a": |"x\ny"}'],
  ["a wrong escape", '[|"\\x"]'],
  ["a number with a leading zero", "[|01]"],
  ["a word", "[true, |nul]"],
  ["the wrong bracket", '{"a": [1|}}'],
  ["something after the end", "{} |x"],
  ["an end that comes too early", '{"a": [1, 2|'],
  ["a space that is none in JSON", "[|\u00a01]"],
  ["nothing", "|"],
])("%s: the text stops being JSON there", (_mistake, marked) => {
  const text = marked.replace("|", "");
  expect(() => JSON.parse(text)).toThrow(SyntaxError);
  expect(endOfJson(text)).toBe(marked.indexOf("|"));
});

it("JSON is JSON to its end", () => {
  const json = fc.tuple(fc.json(), fc.constantFrom("", "\n", " \t"));
  fc.assert(
    fc.property(json, ([text, space]) => {
      expect(endOfJson(text + space)).toBe(text.length + space.length);
    }),
  );
});

it("a character that no JSON has ends it there, or where the string begins that it is in", () => {
  const damaged = fc.tuple(fc.json(), fc.nat());
  fc.assert(
    fc.property(damaged, ([text, place]) => {
      const at = place % (text.length + 1);
      const end = endOfJson(`${text.slice(0, at)}\u0001${text.slice(at)}`);
      expect(end).toBeLessThanOrEqual(at);
      expect(endOfJson(text.slice(0, end))).toBe(end);
    }),
  );
});
