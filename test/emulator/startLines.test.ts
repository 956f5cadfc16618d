import { describe, expect, it } from "vitest";
import { nextLines, typedInside } from "../../emulator/commands/startLines.js";

describe("the lines that npm start shows", () => {
  it.each([
    ["deployer", ["emulator", "deploy"], "npm run emulator -- deploy"],
    [
      "deployer",
      ["emulator", "deploy", "--input", "/my trips/it's.csv"],
      "npm run emulator -- deploy --input '/my trips/it'\\''s.csv'",
    ],
    [
      "trigger",
      ["trigger", "--idempotency-key", "k-1"],
      "npm run emulator -- exec --as trigger npm run trigger -- --idempotency-key k-1",
    ],
    ["operator", ["outputs"], "npm run emulator -- exec --as operator npm run outputs"],
  ] as const)("for %s %j can be typed", (principal, words, line) => {
    expect(typedInside(principal, words)).toBe(line);
  });

  it("offer nothing that is refused while the emulator goes on", () => {
    const next = (endsHere: boolean) => nextLines("run", endsHere).join("\n");
    for (const line of [/npm run emulator$/m, /npm run emulator -- reset$/m]) {
      expect(next(true)).toMatch(line);
      expect(next(false)).not.toMatch(line);
    }
    expect(next(false)).toContain("npm start -- --data <csv>");
  });
});
