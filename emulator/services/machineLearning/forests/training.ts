import { createRequire } from "node:module";
import loadYdf from "ydf-training";
import { knownFareColumn, tripFeatures } from "../../../../contract/trips.js";
import { type Table, TableError } from "./csv.js";
import { numberOf, prepareFeatures } from "./features.js";

/**
 * Trains gradient boosted trees on the known fares of a table (rows without one are left out) and returns the model as
 * a flat zip. Equal tables give equal trees; the file also holds the time. Blocks its thread, prints on stdout and
 * installs handlers on `process`: run it in a worker or a script of its own.
 */
export async function trainForest(table: Table): Promise<Uint8Array> {
  // YDF's own dependency, which it expects as a global when it saves, as in a browser
  const JSZip: unknown = createRequire(createRequire(import.meta.url).resolve("ydf-training"))("jszip");
  Object.assign(globalThis, { JSZip });
  const ydf = await loadYdf({ print: ignore, printErr: ignore });
  const model = new ydf.GradientBoostedTreesLearner(knownFareColumn, "REGRESSION").train(examplesOf(table));
  const saved = await model.save();
  model.unload();
  return new Uint8Array(await saved.arrayBuffer());
}

/**
 * The table by column, NaN and the empty text being missing values. From a CSV text, YDF would guess that names of
 * several words are sets of words.
 */
function examplesOf(table: Table): Record<string, number[] | string[]> {
  const fareColumn = table.header.indexOf(knownFareColumn);
  if (fareColumn === -1) throw new TableError(`The file lacks the column ${knownFareColumn}, which is to be learnt.`);
  const fares = table.rows.map((cells, index) => numberOf(cells[fareColumn]?.trim() ?? "", knownFareColumn, index + 1));
  const isKnown = (_value: unknown, index: number) => fares[index] !== null;
  const features = prepareFeatures(table);
  const columns = tripFeatures.map(({ name, kind }): [string, number[] | string[]] => {
    const values = features[name].filter(isKnown);
    return [name, kind === "number" ? values.map((value) => Number(value ?? Number.NaN)) : values.map(textOf)];
  });
  return { ...Object.fromEntries(columns), [knownFareColumn]: fares.filter((fare) => fare !== null) };
}

const textOf = (value: number | string | null) => String(value ?? "");

/** YDF prints progress on stdout, which belongs to the commands. */
function ignore(): void {}
