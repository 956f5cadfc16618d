import { readlink, realpath } from "node:fs/promises";
import path from "node:path";

/** Whether two names, which start at `directory` unless they are absolute, stand for one file; links are followed. */
export async function isSameFile(one: string, other: string, directory: string): Promise<boolean> {
  const [first, second] = await Promise.all([one, other].map((name) => target(path.resolve(directory, name))));
  return first === second;
}

/** Where a file is or would be made. */
async function target(file: string): Promise<string> {
  const present = await realpath(file).catch(() => undefined);
  if (present !== undefined) return present;
  const folder = await realpath(path.dirname(file)).catch(() => path.dirname(file));
  const named = await readlink(file).catch(() => undefined);
  // only followed once: a link may name itself
  return named === undefined ? path.join(folder, path.basename(file)) : path.resolve(folder, named);
}
