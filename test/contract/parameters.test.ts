import { describe, expect, it } from "vitest";
import { exitCodes } from "../../contract/errors.js";
import { nearestName } from "../../contract/nearestName.js";
import { checkParameters, type ParameterDefinitions } from "../../contract/parameters.js";

const definitions: ParameterDefinitions = {
  correlationId: { type: "String" },
  pollSeconds: { type: "Int", defaultValue: 30 },
  factor: { type: "Float", defaultValue: 1 },
  strict: { type: "Bool", defaultValue: false },
  names: { type: "Array", defaultValue: [] },
  settings: { type: "Object", defaultValue: {} },
  label: { type: "String", defaultValue: "" },
  apiKey: { type: "SecureString", defaultValue: "" },
};

function mistakesOf(check: () => unknown): { message: string; cure: string | undefined; exitCode: number } {
  try {
    check();
  } catch (thrown) {
    return thrown as { message: string; cure: string | undefined; exitCode: number };
  }
  throw new Error("no mistake was found");
}

describe("parameters", () => {
  it("of the command line become values of the defined types", () => {
    const texts = [
      "pollSeconds=-5",
      "factor=2.5e3",
      "strict=TRUE",
      'names=["a", 1]',
      'settings={"a": {"b": null}}',
      "label=a=b",
      "apiKey=123",
    ];
    expect(checkParameters(texts, {}, definitions)).toEqual({
      pollSeconds: -5,
      factor: 2500,
      strict: true,
      names: ["a", 1],
      settings: { a: { b: null } },
      label: "a=b",
      apiKey: "123",
    });
  });

  it("of the command line win over those of the file", () => {
    expect(checkParameters(["label=x"], { label: "y", pollSeconds: 7 }, definitions)).toEqual({
      label: "x",
      pollSeconds: 7,
    });
  });

  it.each([
    ["pollSeconds=1.5", 'pollSeconds must be a whole number (Int), not "1.5"'],
    ["pollSeconds=", 'pollSeconds must be a whole number (Int), not ""'],
    ["pollSeconds=9007199254740993", "pollSeconds must be a whole number (Int)"],
    ["factor=much", "factor must be a number (Float)"],
    ["factor=null", "factor must be a number (Float)"],
    ["factor=1e999", 'factor must be a number (Float), not "1e999"'],
    ["names=[1, -1e999]", "names must be a JSON array"],
    ["strict=1", "strict must be true or false (Bool)"],
    ["names={}", "names must be a JSON array"],
    ["settings=[]", "settings must be a JSON object"],
    ["label", "--param label: write name=value"],
    ["Label=x", "Label is no parameter of this pipeline: did you mean label?"],
    ["toString=x", "toString is no parameter of this pipeline"],
  ])("are refused by type and by name: %s", (text, mistake) => {
    const error = mistakesOf(() => checkParameters([text], {}, definitions));
    expect(error.message).toContain(mistake);
    expect(error.exitCode).toBe(exitCodes.usage);
  });

  it("of a file are not converted: a text is no number", () => {
    expect(mistakesOf(() => checkParameters([], { pollSeconds: "7" }, definitions)).message).toContain(
      "pollSeconds must be a whole number (Int), the file has a value of type string",
    );
  });

  it("of a file are no numbers that JSON cannot write", () => {
    const file = { factor: JSON.parse("1e999"), settings: { a: [JSON.parse("-1e999")] } };
    expect(mistakesOf(() => checkParameters([], file, definitions)).message).toMatch(
      /factor must be a number \(Float\), the file has a number that is too large\n.*settings must be .* too large$/,
    );
  });

  it("without a default must be given, save the correlation id", () => {
    const error = mistakesOf(() => checkParameters([], {}, { ...definitions, region: { type: "String" } }));
    expect(error.message).toContain("region (String) has no default");
    expect(error.message).not.toContain("correlationId");
  });

  it("are all checked before the first mistake is told, and the value of a SecureString is not", () => {
    const error = mistakesOf(() => checkParameters(["polSeconds=1", "strict=maybe"], { apiKey: 12345 }, definitions));
    expect(error.message).toContain("3 parameters are wrong, nothing was started");
    expect(error.message).not.toContain("12345");
    expect(error.cure).toContain("pollSeconds (Int)");
  });
});

describe("the nearest name", () => {
  it.each([
    ["pollSecond", "pollSeconds"],
    ["pollsecodns", "pollSeconds"],
    ["lable", "label"],
    ["completelyDifferent", undefined],
  ])("of %s is %s", (name, nearest) => {
    expect(nearestName(name, Object.keys(definitions))).toBe(nearest);
  });
});
