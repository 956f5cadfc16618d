#!/usr/bin/env node
import { ensureBuilt } from "../scripts/build.js";

const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major < 20 || (major === 20 && minor < 18)) {
  process.stderr.write(`error: Node ${process.versions.node} is too old: 20.18 or newer is needed\n`);
  process.exit(3);
}
await ensureBuilt();
await import("../dist/main.js");
