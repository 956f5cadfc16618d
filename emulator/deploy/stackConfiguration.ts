import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { parse as parseYaml } from "yaml";
import { z } from "zod";
import { exitCodes, messageOf, ProgramError } from "../../contract/errors.js";

/** A stack's configuration as a Pulumi program receives it. */
export interface StackConfiguration {
  readonly project: string;
  /** Full keys (`project:key`) and their values; lists and objects as JSON. */
  readonly configuration: Readonly<Record<string, string>>;
  readonly secretKeys: readonly string[];
}

const projectFile = z.looseObject({
  name: z.string(),
  config: z
    .record(
      z.string(),
      z.looseObject({ default: z.unknown().optional(), value: z.unknown().optional(), secret: z.boolean().optional() }),
    )
    .optional(),
});
const stackFile = z.looseObject({ config: z.record(z.string(), z.unknown()).nullish() });

/**
 * Reads `Pulumi.yaml` (defaults and what is secret) and `Pulumi.<stack>.yaml` of a folder, as the Pulumi command line does;
 * `overrides` (full keys) win over both. Throws a usage error on a file that is not as Pulumi wants it.
 */
export function readStackConfiguration(
  folder: string,
  stack: string,
  overrides: Readonly<Record<string, string>> = {},
): StackConfiguration {
  const project = parse(projectFile, path.join(folder, "Pulumi.yaml"));
  const qualified = (key: string) => (key.includes(":") ? key : `${project.name}:${key}`);
  const declared = Object.entries(project.config ?? {});
  const values = new Map<string, string>();
  const given = new Map(Object.entries(overrides).map(([key, value]) => [qualified(key), value]));
  for (const [key, { default: otherwise, value = otherwise }] of declared) {
    if (value !== undefined) values.set(qualified(key), textOf(value));
  }
  const file = path.join(folder, `Pulumi.${stack}.yaml`);
  if (existsSync(file)) {
    for (const [key, value] of Object.entries(parse(stackFile, file).config ?? {})) {
      if (given.has(qualified(key))) continue;
      if (isEncrypted(value)) {
        throw new ProgramError(exitCodes.usage, `${file}: ${key} is encrypted with the stack's own passphrase`, {
          cure: `pulumi config get ${key} shows it; deploy with the Pulumi command line, or set it in the environment`,
        });
      }
      values.set(qualified(key), textOf(value));
    }
  }
  for (const [key, value] of given) values.set(key, value);
  return {
    project: project.name,
    configuration: Object.fromEntries(values),
    secretKeys: declared.filter(([, { secret }]) => secret).map(([key]) => qualified(key)),
  };
}

function parse<T>(schema: z.ZodType<T>, file: string): T {
  try {
    return schema.parse(parseYaml(readFileSync(file, "utf8")));
  } catch (error) {
    throw new ProgramError(exitCodes.usage, `${file} cannot be read: ${messageOf(error)}`, { cause: error });
  }
}

function textOf(value: unknown): string {
  return typeof value === "object" && value !== null ? JSON.stringify(value) : String(value);
}

function isEncrypted(value: unknown): boolean {
  return typeof value === "object" && value !== null && "secure" in value;
}
