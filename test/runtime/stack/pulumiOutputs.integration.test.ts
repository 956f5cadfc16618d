import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { findStack } from "../../../runtime/stack/findStack.js";
import { testContext } from "../helpers/commandContext.js";
import { sampleOutputs } from "../helpers/sampleOutputs.js";

/** A project folder, with a command named pulumi on the PATH that runs this script. */
async function project(script: string | undefined) {
  const directory = await mkdtemp(path.join(os.tmpdir(), "project-"));
  onTestFinished(() => rm(directory, { recursive: true }));
  await writeFile(path.join(directory, "Pulumi.yaml"), "name: batch-scoring\nruntime: nodejs\n");
  if (script !== undefined) {
    await writeFile(path.join(directory, "pulumi"), `#!${process.execPath}\n${script}`);
    await chmod(path.join(directory, "pulumi"), 0o755);
  }
  return testContext({ directory, environment: { PATH: directory } }).context;
}

describe("the Pulumi stack", () => {
  it("is asked for its outputs, by name where --stack is given", async () => {
    const context = await project(
      `const ok = process.argv.slice(2).join(" ") === "stack output --json --non-interactive --stack prod";
       console.log(JSON.stringify({ ...${JSON.stringify(sampleOutputs())}, synapseWorkspace: ok ? "prod" : "wrong" }));`,
    );
    expect((await findStack({ stack: "prod" }, context)).synapseWorkspace).toBe("prod");
  });

  it("that cannot be read is a reason with Pulumi's own sentence, not a crash", async () => {
    const context = await project(
      `console.error("error: PULUMI_ACCESS_TOKEN must be set for login during non-interactive CLI sessions"); process.exit(255);`,
    );
    await expect(findStack({}, context)).rejects.toMatchObject({
      exitCode: 2,
      message:
        "no deployed stack found: pulumi stack output says: PULUMI_ACCESS_TOKEN must be set for login during non-interactive CLI sessions",
    });
  });

  it("needs the pulumi command: its absence is said", async () => {
    await expect(findStack({}, await project(undefined))).rejects.toMatchObject({
      exitCode: 2,
      message: "no deployed stack found: the pulumi command is not on the PATH",
    });
  });

  it("without outputs is not deployed", async () => {
    await expect(findStack({}, await project(`console.log("{}")`))).rejects.toMatchObject({
      exitCode: 2,
      cure: "deploy the present program: pulumi up",
    });
  });
});
