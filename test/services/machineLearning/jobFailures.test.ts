import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { deploy } from "./deployed.js";
import { apiHost, fewTrips, jobsOf } from "./jobs.js";
import { workspaceId } from "./names.js";
import { TestMachineLearning } from "./testMachineLearning.js";

describe("a batch job that cannot begin to score", () => {
  let test: TestMachineLearning;
  beforeEach(async () => {
    test = await TestMachineLearning.start({ worker: new URL("file:///no/worker/is/needed") });
  });
  afterEach(() => test.close());

  const { submit, run, childErrorOf } = jobsOf(() => test);

  it.each(["invoker", "cluster"] as const)(
    "fails with storage's sentence without the %s's reader role",
    async (who) => {
      const { readers, putInput } = await deploy(test);
      putInput(fewTrips);
      test.accessControl.unassign(readers[who]);
      const { statuses, name } = await run();
      expect((await statuses).at(-1)).toBe("Failed");
      const message = await childErrorOf(name);
      expect(message).toContain("This request is not authorized to perform this operation using this permission.");
      expect(message).toContain(who === "invoker" ? "scoring application" : "mlw/computes/cpu-cluster");
    },
  );

  it("keeps its error out of its envelope; the parent run's is general", async () => {
    const { statuses, name } = await submit({ csv: "absent" });
    await statuses;
    const told = await test.call("GET", `/jobs/${name}`);
    expect(JSON.stringify(told.body)).not.toContain("does not exist");
    const parent = await test.call("GET", `/history/v1.0${workspaceId}/runs/${name}`, { host: apiHost });
    expect(JSON.stringify(parent.body["error"])).toContain("failed child jobs");
    expect(await childErrorOf(name)).toContain("The specified blob does not exist.");
  });

  it.each(["azureml-core", "azureml-dataset-runtime", "ydf"])("fails without %s in its environment", async (name) => {
    const whole =
      "dependencies:\n  - pip:\n    - azureml-core==1\n    - azureml-dataset-runtime[fuse]==1\n    - ydf\n    - pandas\n";
    const lines = whole.split("\n").map((line) => (line.includes(`- ${name}`) ? line.replace("-", "# -") : line));
    const submitted = await submit({ condaFile: lines.join("\n") });
    expect((await submitted.statuses).at(-1)).toBe("Failed");
    expect(await childErrorOf(submitted.name)).toMatch(new RegExp(`${name}(\\[fuse\\])? is not in its conda file`));
  });

  it("fails without the fuse extra, by which the node mounts its input", async () => {
    const condaFile =
      "dependencies:\n  - pip:\n    - azureml-core\n    - azureml-dataset-runtime\n    - ydf\n    - pandas\n";
    const submitted = await submit({ condaFile });
    expect((await submitted.statuses).at(-1)).toBe("Failed");
    expect(await childErrorOf(submitted.name)).toContain("azureml-dataset-runtime[fuse] is not in its conda file");
  });

  it("fails when the scoring script is not in the code's folder", async () => {
    const { statuses, name } = await submit({ withoutScript: true });
    expect((await statuses).at(-1)).toBe("Failed");
    expect(await childErrorOf(name)).toContain("scoring/1/score.py");
  });
});
