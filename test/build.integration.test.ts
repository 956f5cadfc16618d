import { readFileSync, statSync, utimesSync } from "node:fs";
import path from "node:path";
import { expect, it } from "vitest";
import { root } from "../scripts/build.js";
import { runCli } from "./helpers/cli.js";

const stamp = path.join(root, "dist", "built");

it("the launcher rebuilds a stale bundle, and commands that run at that moment do not notice", async () => {
  const manifest = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8")) as { version: string };
  const past = new Date(2000, 0, 1);
  utimesSync(stamp, past, past);
  const results = await Promise.all([1, 2, 3].map(() => runCli(["--version"], {})));
  expect(results).toEqual(results.map(() => ({ code: 0, stdout: `${manifest.version}\n`, stderr: "" })));
  expect(statSync(stamp).mtimeMs).toBeGreaterThan(past.getTime());
});
