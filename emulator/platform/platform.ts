import type { Clock } from "../../contract/clock.js";
import type { Ids } from "../../contract/ids.js";
import type { Access } from "./access.js";
import type { Directory } from "./directory.js";
import type { Resources } from "./resources.js";
import type { Store } from "./store.js";
import type { Tokens } from "./tokens.js";

/** What every emulated service is built on. */
export interface Platform {
  readonly store: Store;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly directory: Directory;
  readonly tokens: Tokens;
  readonly resources: Resources;
  readonly access: Access;
  /** One line for the person who runs the emulator (stderr); never a secret. */
  readonly log: (line: string) => void;
}
