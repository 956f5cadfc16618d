import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { isPulumiStack, setPulumiConfiguration } from "../../../runtime/stack/pulumiConfiguration.js";
import { testContext } from "../helpers/commandContext.js";

/** A project folder, with a command named pulumi on the PATH that runs this script. */
async function project(script: string) {
  const directory = await mkdtemp(path.join(os.tmpdir(), "project-"));
  onTestFinished(() => rm(directory, { recursive: true }));
  await writeFile(path.join(directory, "Pulumi.yaml"), "name: batch-scoring\nruntime: nodejs\n");
  await writeFile(path.join(directory, "pulumi"), `#!${process.execPath}\n${script}`);
  await chmod(path.join(directory, "pulumi"), 0o755);
  return testContext({ directory, environment: { PATH: directory } }).context;
}

describe("the configuration of a Pulumi stack", () => {
  it("is set by the command line, so that a later deployment of the program keeps the choice", async () => {
    const context = await project(`require("node:fs").writeFileSync("called", process.argv.slice(2).join(" "));`);
    expect(await setPulumiConfiguration("defaultDeployment", "m-1", "prod", context)).toBeUndefined();
    const called = await readFile(path.join(context.directory, "called"), "utf8");
    expect(called).toBe("config set defaultDeployment m-1 --non-interactive --stack prod");
  });

  it("that cannot be set is a reason with Pulumi's own sentence, not a crash", async () => {
    const context = await project(`console.error("error: no stack selected"); process.exit(255);`);
    const reason = await setPulumiConfiguration("defaultDeployment", "m-1", undefined, context);
    expect(reason).toBe("error: no stack selected");
  });

  it("is asked for where no file names the stack's outputs", async () => {
    const context = await project("");
    expect(isPulumiStack({}, context)).toBe(true);
    expect(isPulumiStack({ outputs: "o.json" }, context)).toBe(false);
    expect(isPulumiStack({}, { ...context, environment: { STACK_OUTPUTS: "o.json" } })).toBe(false);
  });
});
