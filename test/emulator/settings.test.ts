import { expect, it } from "vitest";
import { scoringClientSecret, showSettings } from "../../emulator/commands/settings.js";
import { principals } from "../../emulator/platform/subscription.js";
import { testStateFolder } from "../helpers/testEmulator.js";

const folder = testStateFolder();

function printed(options: { secret?: boolean }): readonly string[] {
  const lines: string[] = [];
  showSettings(folder.path, options, (line) => void lines.push(line));
  return lines;
}

it("emulator settings names what a stack needs, and no secret", () => {
  const text = printed({}).join("\n");
  expect(text).toContain(`'scoringClientId=${principals.scoring.appId}'`);
  expect(text).toContain(`'triggerPrincipalId=${principals.trigger.objectId}'`);
  expect(text).toContain(`'operators[0].objectId=${principals.operator.objectId}'`);
  expect(text).toContain("'operators[0].principalType=ServicePrincipal'");
  expect(text).toMatch(/settings --secret \| pulumi config set --secret scoringClientSecret$/);
  expect(text).not.toContain(folder.withStore(scoringClientSecret));
});

it("emulator settings --secret prints the scoring application's secret alone", () => {
  expect(printed({ secret: true })).toEqual([folder.withStore(scoringClientSecret)]);
});
