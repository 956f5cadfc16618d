import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { exitCodes } from "../../../contract/errors.js";
import { cancelDocument, runsDocument, scoresDocument } from "../../../runtime/commands/documents.js";
import { watchLine } from "../../../runtime/synapse/events.js";

const docs = path.resolve(import.meta.dirname, "../../../docs");

/** The names of all properties, the nested ones too. */
function fieldsOf(schema: unknown): string[] {
  if (typeof schema !== "object" || schema === null) return [];
  const own =
    "properties" in schema && typeof schema.properties === "object" ? Object.keys(schema.properties ?? {}) : [];
  return [...own, ...Object.values(schema).flatMap(fieldsOf)];
}

describe("docs/json-output.md", () => {
  const text = readFileSync(path.join(docs, "json-output.md"), "utf8");

  it.each(watchLine.options.map((option) => [option.shape.event.value, fieldsOf(z.toJSONSchema(option))] as const))(
    "describes the event %s and each of its fields",
    (event, fields) => {
      const section = text.split(/^##+ /m).find((part) => part.startsWith(`\`${event}\``));
      const common = ["event", "time", "runId"];
      const missing = fields.filter((field) => !common.includes(field) && !section?.includes(`\`${field}\``));
      expect(missing).toEqual([]);
    },
  );

  it.each([
    ["runs", runsDocument],
    ["cancel", cancelDocument],
    ["scores", scoresDocument],
  ] as const)("describes each field of the document of %s, and none that there is not", (command, schema) => {
    const section = text.split(/^##+ /m).find((part) => part.startsWith(`Document of \`${command}\``)) ?? "";
    const missing = fieldsOf(z.toJSONSchema(schema)).filter((field) => !section.includes(`\`${field}\``));
    expect(missing).toEqual([]);
    const rows = [...section.matchAll(/^\| (`.+?) +\|/gm)].flatMap(([, cell = ""]) => cell.match(/\w+/g) ?? []);
    expect(rows).toEqual(Object.keys(schema.shape));
  });

  it("describes no event that there is not", () => {
    const described = [...text.matchAll(/^### `(\w+)`$/gm)].map((match) => match[1]);
    expect(described).toEqual(watchLine.options.map((option) => option.shape.event.value));
  });
});

describe("docs/exit-codes.md", () => {
  it("has a row for each exit code, and no other", () => {
    const text = readFileSync(path.join(docs, "exit-codes.md"), "utf8");
    const rows = [...text.matchAll(/^\| (\d+) +\| (\w+) +\|/gm)].map(([, code, name]) => [name, Number(code)]);
    expect(Object.fromEntries(rows)).toEqual(exitCodes);
  });
});
