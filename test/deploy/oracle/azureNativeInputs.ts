import { readFileSync } from "node:fs";
import path from "node:path";
import ts from "typescript";
import type { Json } from "../../../contract/json.js";

/** What azure-native's typings say of an input. */
export interface Input {
  readonly isList: boolean;
  /** A sample of a value without members; undefined: it has members. */
  readonly sample: Json | undefined;
  /** One entry for each kind of object that it may be. */
  readonly variants: readonly Inputs[];
}

export type Inputs = ReadonlyMap<string, Input>;

const root = path.resolve(import.meta.dirname, "../../../node_modules/@pulumi/azure-native");
const nestedTypes = readFileSync(path.join(root, "types/input.d.ts"), "utf8");

/** Every input of an azure-native type (`azure-native:keyvault:Vault`), at every depth, from the published typings. */
export function azureNativeInputs(token: string): Inputs {
  const [, module = "", type = ""] = token.split(":");
  const interfaces = new Map([...interfacesIn(namespaceOf(module)), ...interfacesIn(typingsOf(token))]);
  const enumerations = readFileSync(path.join(root, "types/enums", module, "index.d.ts"), "utf8");
  return membersOf(`${type}Args`, { interfaces, enumerations });
}

/** The version of the REST API that azure-native speaks for the type. */
export function azureNativeVersion(token: string): string | undefined {
  return /Uses Azure REST API version ([\w-]+)/.exec(typingsOf(token))?.[1];
}

function typingsOf(token: string): string {
  const [, module = "", type = ""] = token.split(":");
  return readFileSync(path.join(root, module, `${type.charAt(0).toLowerCase()}${type.slice(1)}.d.ts`), "utf8");
}

interface Typings {
  readonly interfaces: ReadonlyMap<string, ts.InterfaceDeclaration>;
  readonly enumerations: string;
}

function membersOf(name: string, typings: Typings): Inputs {
  const declaration = typings.interfaces.get(name);
  if (!declaration) throw new Error(`azure-native has no typing ${name}`);
  const members = declaration.members.filter(ts.isPropertySignature);
  return new Map(members.map((member) => [member.name.getText(), inputOf(member, typings)]));
}

function inputOf(member: ts.PropertySignature, typings: Typings): Input {
  const text = member.type?.getText().replaceAll(/pulumi\.Input<|>/g, "") ?? "";
  const nested = [...text.matchAll(/inputs\.\w+\.(\w+)/g)].map((match) => String(match[1]));
  const isList = text.includes("[]");
  const variants = nested.map((name) => membersOf(name, typings));
  return { isList, sample: nested.length > 0 ? undefined : sampleOf(member.name.getText(), text, typings), variants };
}

function sampleOf(name: string, text: string, typings: Typings): Json {
  const literal = /^"(.*)"$/.exec(text)?.[1];
  if (literal !== undefined) return literal;
  const enumeration = /enums\.\w+\.(\w+)/.exec(text)?.[1];
  if (enumeration !== undefined) {
    const start = typings.enumerations.indexOf(`declare const ${enumeration}: {`);
    const value = /readonly \w+: "(.*)"/.exec(typings.enumerations.slice(start))?.[1];
    if (value === undefined) throw new Error(`azure-native has no values for ${enumeration}`);
    return value;
  }
  if (text.includes("[key: string]: any")) return { [`key of ${name}`]: { member: "text" } };
  if (text.includes("[key: string]")) return { [`key of ${name}`]: "text" };
  if (text.includes("boolean")) return true;
  if (text.includes("number")) return 7;
  return `text of ${name}`;
}

/** All nested inputs are in one file of many megabytes: only this module's part of it is parsed. */
function namespaceOf(module: string): string {
  const start = nestedTypes.indexOf(`export declare namespace ${module} {`);
  return start < 0 ? "" : nestedTypes.slice(start, nestedTypes.indexOf("\nexport declare namespace", start + 1));
}

function interfacesIn(text: string): Map<string, ts.InterfaceDeclaration> {
  const found = new Map<string, ts.InterfaceDeclaration>();
  const visit = (node: ts.Node) => {
    if (ts.isInterfaceDeclaration(node)) found.set(node.name.text, node);
    else ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile("typings.d.ts", text, ts.ScriptTarget.Latest, true));
  return found;
}
