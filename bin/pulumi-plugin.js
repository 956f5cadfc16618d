#!/usr/bin/env node
import { ensureBuilt } from "../scripts/build.js";

const [name, engineAddress] = process.argv.slice(2);
await ensureBuilt();
const { runPlugin } = await import("../dist/pulumiPlugin.js");
await runPlugin(name, engineAddress);
