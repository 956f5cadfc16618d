#!/usr/bin/env node
const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major < 20 || (major === 20 && minor < 18)) {
  process.stderr.write(`error: Node ${process.versions.node} is too old: 20.18 or newer is needed\n`);
  process.exit(3);
}
const { ensureBuilt } = await import("../scripts/build.js");
const { isQuick, runQuick } = await import("./quick.js");

const words = process.argv.slice(2);
if (isQuick(words)) {
  await ensureBuilt("commands");
  await runQuick(words);
} else {
  await ensureBuilt();
  await import("../dist/main.js");
}
