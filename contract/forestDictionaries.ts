import { createRequire } from "node:module";
import { BinaryReader } from "google-protobuf";

/** The numbers that a model has for the names in its columns of categories, by the column. */
export type Dictionaries = ReadonlyMap<string, ReadonlyMap<string, number>>;

/** The number of every name that is not in a column's dictionary. */
export const unknownName = 0;

/** What is used here of jszip, with which YDF itself unpacks its models. */
interface Zips {
  loadAsync(zip: Uint8Array): Promise<{
    file(name: RegExp): readonly { async(kind: "uint8array"): Promise<Uint8Array> }[];
  }>;
}

/**
 * The dictionaries in a YDF model: its file `data_spec.pb`, a message DataSpecification of YDF's data_spec.proto. A
 * column whose names are numbers already has none.
 */
export async function dictionariesOf(model: Uint8Array): Promise<Dictionaries> {
  const jszip: Zips = createRequire(createRequire(import.meta.url).resolve("ydf-inference"))("jszip");
  const [file] = (await jszip.loadAsync(model)).file(/data_spec\.pb$/);
  const dictionaries = new Map<string, ReadonlyMap<string, number>>();
  if (!file) return dictionaries;
  const readColumn = (column: Uint8Array) => {
    let name = "";
    const numbers = new Map<string, number>();
    let isNumbered = false;
    readFields(column, {
      2: (reader) => {
        name = reader.readString();
      },
      6: (categorical) =>
        readFields(categorical.readBytes(), {
          5: (reader) => {
            isNumbered = reader.readBool();
          },
          7: (item) => numbers.set(...entryIn(item.readBytes())),
        }),
    });
    if (numbers.size > 0 && !isNumbered) dictionaries.set(name, numbers);
  };
  readFields(await file.async("uint8array"), { 1: (reader) => readColumn(reader.readBytes()) });
  return dictionaries;
}

function entryIn(item: Uint8Array): [name: string, number: number] {
  const entry: [string, number] = ["", unknownName];
  readFields(item, {
    1: (reader) => {
      entry[0] = reader.readString();
    },
    2: (value) =>
      readFields(value.readBytes(), {
        1: (reader) => {
          entry[1] = reader.readInt64();
        },
      }),
  });
  return entry;
}

type FieldReaders = Readonly<Record<number, (reader: BinaryReader) => void>>;

function readFields(message: Uint8Array, readers: FieldReaders): void {
  const reader = new BinaryReader(message);
  while (reader.nextField()) {
    const read = readers[reader.getFieldNumber()];
    if (read) read(reader);
    else reader.skipField();
  }
}
