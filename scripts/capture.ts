import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { root } from "./build.js";

/**
 * `npm run capture`: runs `npm start` on an empty state folder and puts what it prints into the README, so that the front
 * door never shows what the program does not do. Long lists are cut, with the number of lines left out.
 */
const readme = path.join(root, "README.md");
const marks = { begin: "<!-- capture: npm start -->", end: "<!-- end of capture -->" };
const shownOfEachList = 8;

const folder = mkdtempSync(path.join(tmpdir(), "synapse-batch-capture-"));
const home = path.join(folder, ".synapse-batch");
const file = path.join(folder, "output");
const output = openSync(file, "w");
const child = spawn(process.execPath, [path.join(root, "bin/synapse-batch.js"), "start"], {
  env: { ...process.env, SYNAPSE_BATCH_HOME: home },
  stdio: ["ignore", output, output],
});
const [code] = await once(child, "close");
closeSync(output);
const text = readFileSync(file, "utf8").replaceAll(home, ".synapse-batch");
rmSync(folder, { recursive: true });
if (code !== 0) throw new Error(`npm start ended with ${code}:\n${text}`);

const before = readFileSync(readme, "utf8");
const [begin, end] = [before.indexOf(marks.begin), before.indexOf(marks.end)];
if (begin < 0 || end < begin) throw new Error("README.md has no place for the capture");
const capture = `${marks.begin}\n\n\`\`\`text\n${shortened(text.trim().split("\n")).join("\n")}\n\`\`\`\n\n`;
writeFileSync(readme, before.slice(0, begin) + capture + before.slice(end));

/** Keeps the first lines of a run of resources, and cuts what is wider than a page. */
function shortened(lines: readonly string[]): string[] {
  const result: string[] = [];
  let created = 0;
  for (const line of lines) {
    if (!line.startsWith("  created")) {
      if (created > shownOfEachList) result.push(`  … ${created - shownOfEachList} more`);
      created = 0;
    } else if (++created > shownOfEachList) continue;
    result.push(line.length > 140 ? `${line.slice(0, 139)}…` : line);
  }
  return result;
}
