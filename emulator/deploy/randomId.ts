import { randomBytes } from "node:crypto";
import type { JsonObject } from "../../contract/json.js";
import { inputChanges } from "./differences.js";
import type { Change, Deployed, Made, ResourceProvider } from "./resourceProvider.js";

/** Stands in for RandomId of the random provider: other inputs make another value. */
export class RandomId implements ResourceProvider {
  static readonly type = "random:index/randomId:RandomId";
  readonly #bytes: (count: number) => Buffer;

  constructor(bytes: (count: number) => Buffer = randomBytes) {
    this.#bytes = bytes;
  }

  async check(type: string, inputs: JsonObject): Promise<JsonObject> {
    const unknown = Object.keys(inputs).find((name) => !["byteLength", "keepers", "prefix"].includes(name));
    if (unknown) throw new Error(`${type}: the emulator does not support the input ${unknown}`);
    return inputs;
  }

  async diff(_type: string, old: Deployed, inputs: JsonObject): Promise<Change> {
    const every = ["byteLength", "keepers", "prefix"];
    return { inputs: inputChanges(old.inputs, inputs, every), deleteBeforeReplace: false, losesData: false };
  }

  async create(_type: string, inputs: JsonObject, preview = false): Promise<Made> {
    if (preview) return { id: "", outputs: inputs };
    const bytes = this.#bytes(Number(inputs["byteLength"]));
    const prefix = String(inputs["prefix"] ?? "");
    const outputs = {
      ...inputs,
      hex: prefix + bytes.toString("hex"),
      dec: prefix + BigInt(`0x${bytes.toString("hex")}`).toString(),
      b64Std: prefix + bytes.toString("base64"),
      b64Url: prefix + bytes.toString("base64url"),
    };
    return { id: bytes.toString("base64url"), outputs };
  }

  async read(type: string, _id: string, old?: Deployed): Promise<Deployed> {
    if (!old) throw new Error(`${type} is nowhere but in the record of the deployment that made it`);
    return old;
  }

  async update(_type: string, old: Deployed): Promise<Made> {
    return old;
  }

  async delete(): Promise<void> {}
}
