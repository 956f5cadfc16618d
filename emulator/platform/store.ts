import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import Database from "libsql";

type Value = string | number | null;
export type Row = Readonly<Record<string, Value>>;

/** The emulator's one database. Every write is durable against a killed process when the call returns. */
export interface Store {
  /** Creates a service's tables; each group of statements runs once in the life of a database. */
  migrate(group: string, statements: readonly string[]): void;
  run(sql: string, ...values: readonly Value[]): void;
  get(sql: string, ...values: readonly Value[]): Row | undefined;
  all(sql: string, ...values: readonly Value[]): readonly Row[];
  /** All or nothing; a transaction inside a transaction joins it. */
  transaction<T>(work: () => T): T;
  /** Whether what is read now may still be undone. */
  readonly inTransaction: boolean;
  /** Encrypts what Azure keeps encrypted (secrets, keys, secure activity data): base64 of nonce, tag and cipher text. */
  seal(plain: string): string;
  unseal(sealed: string): string;
  close(): void;
}

const nonceBytes = 12;

/** Random nonces for `seal`, drawn many at a time: each draw is a call of the system. */
class Nonces {
  #drawn = Buffer.alloc(0);
  #used = 0;

  next(): Buffer {
    if (this.#used >= this.#drawn.length) {
      this.#drawn = randomBytes(nonceBytes * 256);
      this.#used = 0;
    }
    this.#used += nonceBytes;
    return this.#drawn.subarray(this.#used - nonceBytes, this.#used);
  }
}

/** Opens (or creates) the database at `path`, or one in memory. `key` is the 32 bytes that `seal` encrypts with. */
export function openStore(path: string | undefined, key: Buffer): Store {
  const database = new Database(path ?? ":memory:");
  database.exec("PRAGMA journal_mode = WAL");
  database.exec("PRAGMA synchronous = NORMAL");
  database.exec("PRAGMA busy_timeout = 5000");
  database.exec("CREATE TABLE IF NOT EXISTS migrations (name TEXT PRIMARY KEY)");
  // a file that cannot be written to is refused now, not in the middle of something
  database.exec("BEGIN IMMEDIATE");
  database.exec("ROLLBACK");
  const nonces = new Nonces();
  const prepared = new Map<string, Database.Statement<unknown[]>>();
  const statement = (sql: string) => {
    let found = prepared.get(sql);
    if (!found) {
      found = database.prepare(sql);
      prepared.set(sql, found);
    }
    return found;
  };
  const store: Store = {
    migrate(group, statements) {
      store.transaction(() => {
        if (store.get("SELECT 1 FROM migrations WHERE name = ?", group)) return;
        for (const sql of statements) database.exec(sql);
        store.run("INSERT INTO migrations VALUES (?)", group);
      });
    },
    run: (sql, ...values) => void statement(sql).run(...values),
    // `all` instead of the driver's `get`, which adds a member of its own to the row
    get: (sql, ...values) => statement(sql).all(...values)[0] as Row | undefined,
    all: (sql, ...values) => statement(sql).all(...values) as Row[],
    get inTransaction() {
      return database.inTransaction;
    },
    transaction: (work) => (database.inTransaction ? work() : database.transaction(work).immediate()),
    seal: (plain) => {
      const nonce = nonces.next();
      const cipher = createCipheriv("aes-256-gcm", key, nonce);
      const text = Buffer.concat([cipher.update(plain, "utf8"), cipher.final()]);
      return Buffer.concat([nonce, cipher.getAuthTag(), text]).toString("base64");
    },
    unseal: (sealed) => {
      const bytes = Buffer.from(sealed, "base64");
      const decipher = createDecipheriv("aes-256-gcm", key, bytes.subarray(0, 12));
      decipher.setAuthTag(bytes.subarray(12, 28));
      return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString("utf8");
    },
    close: () => void database.close(),
  };
  return store;
}
