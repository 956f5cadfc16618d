import Database from "libsql";

/** A file that is this process's alone until it is released; the operating system gives it back when the process is killed. */
export interface ExclusiveFile {
  release(): void;
}

/**
 * Takes a file, making it where it is missing; undefined while somebody has it. A database's exclusive lock, because it is
 * taken in one step and never outlives its process, as a pid file does. Throws what keeps the file from being used.
 */
export function takeFile(file: string): ExclusiveFile | undefined {
  const database = new Database(file);
  try {
    database.exec("PRAGMA busy_timeout = 0");
    database.exec("BEGIN EXCLUSIVE");
  } catch (error) {
    database.close();
    if (error instanceof Error && "code" in error && error.code === "SQLITE_BUSY") return undefined;
    throw error;
  }
  return {
    release() {
      database.exec("ROLLBACK");
      database.close();
    },
  };
}
