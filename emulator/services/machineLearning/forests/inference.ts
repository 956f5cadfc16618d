import loadYdf from "ydf-inference";
import type { Features } from "./features.js";

/** A decision forest that is ready to predict. */
export interface Forest {
  /** One prediction a row; throws when the model reads a feature that is not given. */
  predict(features: Features): number[];
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
  return {
    predict(features) {
      const given: Readonly<Record<string, readonly (number | string | null)[]>> = features;
      const sets = model.inputFeatures.filter(({ type }) => !supportedTypes.includes(type));
      if (sets.length > 0) {
        throw new Error(`The model reads features of a kind that is not supported: ${describe(sets)}.`);
      }
      const unknown = model.inputFeatures.filter(({ name }) => !(name in given));
      if (unknown.length > 0) {
        throw new Error(`The model reads features that are not prepared: ${describe(unknown)}.`);
      }
      return model.predict(features);
    },
    unload: () => model.unload(),
  };
}

/** A set of words would be filled from the letters of a text, without a word. */
const supportedTypes: readonly string[] = ["NUMERICAL", "CATEGORICAL"];

const describe = (features: readonly { readonly name: string; readonly type: string }[]) =>
  features.map(({ name, type }) => `${name} (${type})`).join(", ");

/** YDF prints progress on stdout, which belongs to the commands. */
function ignore(): void {}
