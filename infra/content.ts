import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";

/** A file that is uploaded: its place on disk and its name under the folder it came from, with forward slashes. */
export interface ContentFile {
  readonly file: string;
  readonly name: string;
}

const projectFolder = folderOf("Pulumi.yaml");

/** The folder of the program's own scoring code. */
export const scoringFolder = path.join(projectFolder, "infra", "scoring");

/** A path of the configuration, which is relative to the project, as an absolute path; undefined when nothing is there. */
export function projectPath(value: string): string | undefined {
  const absolute = path.resolve(projectFolder, value);
  return existsSync(absolute) ? absolute : undefined;
}

/** Whether a file of the model's folder belongs to the model. */
export const isModelFile = (name: string) => !name.endsWith(".md");

/** The nearest folder above this module with that file: the module may run from its source or from a build. */
function folderOf(file: string): string {
  let folder = import.meta.dirname;
  while (!existsSync(path.join(folder, file))) folder = path.dirname(folder);
  return folder;
}

/** The file itself, or every file of a folder whose name passes, in the order of their names. */
export function filesAt(place: string, passes: (name: string) => boolean): readonly ContentFile[] {
  if (statSync(place).isFile()) return [{ file: place, name: path.basename(place) }];
  return readdirSync(place, { recursive: true, encoding: "utf8" })
    .map((name) => ({ file: path.join(place, name), name: name.replaceAll(path.sep, "/") }))
    .filter(({ file, name }) => statSync(file).isFile() && passes(name))
    .sort((one, other) => (one.name < other.name ? -1 : 1));
}

/** SHA-256 of names and contents: what an asset version stands for. */
export function hashOf(files: readonly ContentFile[], ...texts: readonly string[]): string {
  const hash = createHash("sha256");
  for (const { file, name } of files) hash.update(`${name}\0`).update(readFileSync(file)).update("\0");
  for (const text of texts) hash.update(`${text}\0`);
  return hash.digest("hex");
}
