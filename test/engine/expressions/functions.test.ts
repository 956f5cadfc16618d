import { describe, expect, it } from "vitest";
import { evaluateText } from "../../../emulator/engine/expressions/evaluateText.js";
import { ExpressionError } from "../../../emulator/engine/expressions/expressionError.js";
import type { Value } from "../../../emulator/engine/expressions/values.js";

const value = (expression: string): Value =>
  evaluateText(expression, {}, { now: () => 0n, newGuid: () => "7c9e6679-7425-40de-944b-e07fc1f90ae7" });

function refusal(expression: string): string {
  try {
    return `no error but ${String(value(expression))}`;
  } catch (error) {
    if (error instanceof ExpressionError) return error.category;
    throw error;
  }
}

describe("time zones", () => {
  it.each([
    ["@convertToUtc('2018-03-11T02:30:00','Pacific Standard Time')", "arg-value"],
    ["@convertToUtc('2018-11-04T01:30:00','pacific standard time')", "arg-value"],
    ["@convertFromUtc('2018-01-01T00:00:00Z','Europe/Berlin')", "arg-value"],
    ["@convertFromUtc('2018-01-01T00:00:00','UTC')", "arg-value"],
    ["@convertTimeZone('2018-01-01T00:00:00Z','India Standard Time','UTC')", "arg-value"],
    ["@convertFromUtc('0001-01-01T00:00:00Z','Pacific Standard Time')", "arg-value"],
  ])("%s is refused: a time that is not there, is there twice, or an unknown zone", (expression, category) => {
    expect(refusal(expression)).toBe(category);
  });

  it.each([
    ["@convertToUtc('2018-03-11T03:30:00','Pacific Standard Time','o')", "2018-03-11T10:30:00.0000000Z"],
    ["@convertToUtc('2018-11-04T02:30:00','Pacific Standard Time','o')", "2018-11-04T10:30:00.0000000Z"],
    ["@convertFromUtc('2018-07-01T08:00:00.1234567Z','nepal standard time')", "2018-07-01T13:45:00.1234567"],
    ["@convertTimeZone('2018-07-01T08:00:00','Tokyo Standard Time','GMT Standard Time','g')", "7/1/2018 12:00 AM"],
  ])("%s is %s, by the zone's own daylight saving and any case of its name", (expression, expected) => {
    expect(value(expression)).toBe(expected);
  });
});

describe("locales of formatDateTime", () => {
  it.each([
    ["@formatDateTime('2018-03-05T14:03:04Z','dddd, d. MMMM yyyy','de-DE')", "Montag, 5. März 2018"],
    ["@formatDateTime('2018-03-05T14:03:04Z','d','de-DE')", "05.03.2018"],
    ["@formatDateTime('2018-03-05T14:03:04Z','D','fr-FR')", "lundi 5 mars 2018"],
    ["@formatDateTime('2018-03-05T14:03:04Z','dd/MM/yyyy','de-DE')", "05.03.2018"],
    ["@formatDateTime('2018-03-05T14:03:04Z','o','ja-JP')", "2018-03-05T14:03:04.0000000Z"],
    ["@formatDateTime('2018-03-05T14:03:04Z','h:mm tt','en-US')", "2:03 PM"],
  ])("%s is %s", (expression, expected) => {
    expect(value(expression)).toBe(expected);
  });

  it("an unknown one is refused", () => {
    expect(refusal("@formatDateTime('2018-03-05T14:03:04Z','d','qq-nowhere')")).toBe("arg-value");
  });
});

describe("XML", () => {
  it.each([
    [
      '@string(xml(\'<a>  <b x="1" y="&lt;&quot;"/> <c>1 &amp; 2</c></a>\'))',
      '<a><b x="1" y="&lt;&quot;" /><c>1 &amp; 2</c></a>',
    ],
    [
      '@string(xml(json(\'{"a":{"@id":1,"#text":"x<y","b":[1,true,null]}}\')))',
      '<a id="1">x&lt;y<b>1</b><b>true</b><b /></a>',
    ],
    ["@string(json(xml('<a id=\"1\">x<b/><b>2</b><!--c--></a>')))", '{"a":{"@id":"1","#text":"x","b":[null,"2"]}}'],
    [
      '@string(xpath(xml(\'<p:a xmlns:p="urn:x"><p:b p:c="1"/></p:a>\'),\'//*[name()="p:b"]\')[0])',
      '<p:b p:c="1" xmlns:p="urn:x" />',
    ],
    ["@string(xpath(xml('<a/>'),'/b'))", "[]"],
    ["@xpath(xml('<a>1</a>'),'boolean(/a)')", true],
    ["@string(xml('<a><b></b><c/><d x=\"/>\"></d></a>'))", '<a><b></b><c /><d x="/&gt;"></d></a>'],
    ["@string(json(xml('<a><b></b><c/><d x=\"1\"></d></a>')))", '{"a":{"b":"","c":null,"d":{"@x":"1"}}}'],
    ['@string(xml(json(\'{"a b":{"1c":true}}\')))', "<a_x0020_b><_x0031_c>true</_x0031_c></a_x0020_b>"],
    ['@string(xml(json(\'{"a":{"b":null,"c":"","@d":"x\\ny"}}\')))', '<a d="x&#xA;y"><b /><c></c></a>'],
    ["@string(xpath(xml('<a x=\"1&amp;2\">3&lt;4</a>'),'/a/text() | /a/@x'))", '["x=\\"1&2\\"","3<4"]'],
  ])("%s is %s", (expression, expected) => {
    expect(value(expression)).toBe(expected);
  });

  it.each([
    ['@xml(json(\'{"a":1,"b":2}\'))', "arg-value"],
    ["@xml(json('{\"@a\":1}'))", "arg-value"],
    ["@xpath(xml('<a><!--c--></a>'),'/a/comment()')", "arg-value"],
    ["@xml('<a></b>')", "arg-value"],
    ["@xml(1)", "arg-type"],
    ["@xpath(xml('<a/>'),'/a[')", "arg-value"],
    ["@xpath(json('{\"a\":1}'),'/a')", "arg-type"],
  ])("%s is refused", (expression, category) => {
    expect(refusal(expression)).toBe(category);
  });

  it("a document too deep to walk is refused, not run into the stack's end", () => {
    const deep = `${"<a>".repeat(1_000)}${"</a>".repeat(1_000)}`;
    expect(refusal(`@xml('${deep}')`)).toBe("arg-value");
  });
});
