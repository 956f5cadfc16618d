import loadYdf from "ydf-inference";
import { type Dictionaries, dictionariesOf, unknownName } from "./forestDictionaries.js";

/** Named columns of equal length; null is a missing value. */
export type Columns = Readonly<Record<string, readonly (number | string | null)[]>>;

/** A decision forest that is ready to predict. */
export interface Forest {
  /** The columns that it reads, with YDF's own word for what they hold. */
  readonly features: readonly { readonly name: string; readonly type: string }[];
  /** What it tells apart; empty where it predicts a number. */
  readonly classes: readonly string[];
  /**
   * One number a row: the value, or with two classes the probability of the second one; with more classes, as many
   * probabilities a row, row by row. Throws when the model reads a feature that is not given.
   */
  predict(columns: Columns): number[];
  unload(): void;
}

/**
 * Loads a YDF model: a flat zip of its files, as YDF's JavaScript training saves it and as Python's `ydf` loads it once
 * unpacked. Throws an Error saying that it is not one.
 */
export async function loadForest(zip: Uint8Array): Promise<Forest> {
  const ydf = await loadYdf({ print: ignore, printErr: ignore });
  const model = await ydf.loadModelFromZipBlob(zip).catch((cause: unknown) => {
    throw new Error("The model file is not a zip of a YDF model.", { cause });
  });
  const dictionaries = await dictionariesOf(zip);
  return {
    features: model.inputFeatures.map(({ name, type }) => ({ name, type })),
    classes: model.labelClasses,
    predict(columns) {
      const sets = model.inputFeatures.filter(({ type }) => !supportedTypes.includes(type));
      if (sets.length > 0) {
        throw new Error(`The model reads features of a kind that is not supported: ${describe(sets)}.`);
      }
      const unknown = model.inputFeatures.filter(({ name }) => !(name in columns));
      if (unknown.length > 0) {
        throw new Error(`The model reads features that are not prepared: ${describe(unknown)}.`);
      }
      return model.predict(numbered(columns, dictionaries));
    },
    unload: () => model.unload(),
  };
}

/** Names as the model's own numbers: a name's way into WebAssembly takes longer than its part of the prediction. */
function numbered(columns: Columns, dictionaries: Dictionaries): Columns {
  return Object.fromEntries(
    Object.entries(columns).map(([column, values]) => {
      const numbers = dictionaries.get(column);
      const numberOf = (value: number | string | null) =>
        typeof value === "string" ? (numbers?.get(value) ?? unknownName) : value;
      return [column, numbers ? values.map(numberOf) : values];
    }),
  );
}

/** A set of words would be filled from the letters of a text, without a word. */
const supportedTypes: readonly string[] = ["NUMERICAL", "CATEGORICAL"];

const describe = (features: readonly { readonly name: string; readonly type: string }[]) =>
  features.map(({ name, type }) => `${name} (${type})`).join(", ");

/** YDF prints progress on stdout, which belongs to the commands. */
function ignore(): void {}
