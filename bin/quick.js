import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { cachedDataVersionTag, setFlagsFromString } from "node:v8";
import { constants, Script } from "node:vm";
import { output, replaceFile } from "../scripts/build.js";

/** The commands of dist/commands.cjs; every other call loads the whole program, dist/main.js. */
export const quickCommands = ["trigger", "monitor", "runs", "cancel", "scores", "outputs", "retrain"];

const bundle = `${output}/commands.cjs`;
const hashBytes = 32;

/** V8 drops compiled code that has not been used for a while: a longer process no longer has the code of its start. */
const longestSeconds = 10;

/** Whether the words after the program's name call one of these commands. */
export function isQuick([command]) {
  return quickCommands.includes(command);
}

/**
 * Runs dist/commands.cjs until the command has ended. Compiling would take half of a short command's time, so the first
 * success of each command leaves in dist/ what V8 has compiled for it, and the next calls begin with that.
 */
export async function runQuick(words) {
  const source = readFileSync(bundle, "latin1");
  const call = words.some((word) => word === "--help" || word === "-h") ? "help" : words[0];
  const kept = { file: `${bundle}.${call}.${cachedDataVersionTag()}`, build: source.slice(0, source.indexOf("\n")) };
  const script = new Script(source, {
    filename: bundle,
    cachedData: readCompiled(kept),
    importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  });
  if (script.cachedDataRejected !== false) process.once("exit", (code) => code === 0 && keepCompiled(kept, script));
  const module = { exports: {} };
  script.runInThisContext()(module.exports, createRequire(bundle), module, bundle, output);
  await module.exports.ended;
}

/** V8 compares only the length of the source and trusts every byte of the code: so a hash of both stands before the code. */
function readCompiled({ file, build }) {
  try {
    const content = readFileSync(file);
    const compiled = content.subarray(hashBytes);
    return content.subarray(0, hashBytes).equals(hashOf(build, compiled)) ? compiled : undefined;
  } catch {
    return undefined;
  }
}

function keepCompiled({ file, build }, script) {
  if (process.uptime() > longestSeconds) return;
  // V8 takes the code only under the flags it was made with: the next process starts without those that runtime/http/client.ts sets
  for (const flag of ["--no-liftoff-only", "--wasm-tier-up", "--wasm-dynamic-tiering"]) setFlagsFromString(flag);
  const compiled = script.createCachedData();
  try {
    replaceFile(file, Buffer.concat([hashOf(build, compiled), compiled]));
  } catch {
    // the folder cannot be written: the next call compiles, too
  }
}

function hashOf(build, compiled) {
  return createHash("sha256").update(build).update(compiled).digest();
}
