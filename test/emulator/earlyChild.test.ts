import type { ChildProcess } from "node:child_process";
import { EventEmitter } from "node:events";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { startEarly, untilJoined } from "../../emulator/commands/earlyChild.js";

interface Started {
  readonly words: readonly string[];
  readonly environment: NodeJS.ProcessEnv;
  readonly told: unknown[];
  killed: boolean;
}

function early(authority: string, ended: Partial<Pick<ChildProcess, "exitCode" | "signalCode">> = {}) {
  const started: Started[] = [];
  const child = startEarly(
    ["emulator", "deploy"],
    { environment: { THEIRS: "kept", AZURE_CLIENT_ID: "their-client" }, authority },
    (words, environment) => {
      const one: Started = { words, environment, told: [], killed: false };
      started.push(one);
      const process_: Pick<ChildProcess, "send" | "kill" | "exitCode" | "signalCode"> = {
        exitCode: null,
        signalCode: null,
        ...ended,
        send: (message: unknown) => one.told.push(message) > 0,
        kill: () => {
          one.killed = true;
          return true;
        },
      };
      return process_ as ChildProcess;
    },
  );
  return { child, started };
}

function authorityFile(): string {
  return path.join(mkdtempSync(path.join(tmpdir(), "early-")), "authority.pem");
}

const joining = { HTTPS_PROXY: "http://127.0.0.1:1", AZURE_CLIENT_ID: "deployer" };
const joiningAt = (authority: string) => ({ ...joining, NODE_EXTRA_CA_CERTS: authority });

describe("a child that is started before what it joins", () => {
  it("trusts the authority of an earlier start, knows nothing of the user's Azure, and is told the rest", () => {
    const authority = authorityFile();
    writeFileSync(authority, "kept");
    const { child, started } = early(authority);
    expect(started).toMatchObject([{ environment: { THEIRS: "kept", NODE_EXTRA_CA_CERTS: authority } }]);
    expect(started[0]?.environment).not.toHaveProperty("AZURE_CLIENT_ID");
    child.join(joiningAt(authority));
    child.abandon();
    expect(started).toMatchObject([{ told: [joiningAt(authority)], killed: false }]);
  });

  it.each([
    ["there was no authority", undefined, "made"],
    ["the authority is another one since", "old", "new"],
    ["what is joined has its authority elsewhere", "old", "old", "/elsewhere/authority.pem"],
  ])("is a new one where %s", (_case, before, since, elsewhere?: string) => {
    const authority = authorityFile();
    if (before !== undefined) writeFileSync(authority, before);
    const { child, started } = early(authority);
    writeFileSync(authority, since);
    child.join(joiningAt(elsewhere ?? authority));
    expect(started.slice(0, -1)).toMatchObject(before === undefined ? [] : [{ told: [], killed: true }]);
    expect(started.at(-1)).toMatchObject({ environment: { THEIRS: "kept", ...joining }, told: [], killed: false });
    expect(started.at(-1)?.environment).not.toHaveProperty("SYNAPSE_BATCH_WAITING");
  });

  it.each([{ exitCode: 1 }, { signalCode: "SIGKILL" }] as const)(
    "is a new one where the first has ended: %j",
    (ended) => {
      const authority = authorityFile();
      writeFileSync(authority, "kept");
      const { child, started } = early(authority, ended);
      child.join(joiningAt(authority));
      expect(started).toMatchObject([{ told: [] }, { environment: joiningAt(authority), told: [] }]);
    },
  );

  it("ends with the start that failed", () => {
    const authority = authorityFile();
    writeFileSync(authority, "kept");
    const { child, started } = early(authority);
    child.abandon();
    expect(started).toMatchObject([{ told: [], killed: true }]);
  });
});

describe("a child that waits", () => {
  /** A process with a channel to its parent, as far as waiting uses it. */
  function processWith(channel: { ref(): void; unref(): void } | undefined) {
    return Object.assign(new EventEmitter(), { channel }) as unknown as Parameters<typeof untilJoined>[1] &
      EventEmitter;
  }

  it("goes on in the environment that its parent says, kept alive until then", async () => {
    const references: string[] = [];
    const process_ = processWith({ ref: () => references.push("ref"), unref: () => references.push("unref") });
    const environment = { THEIRS: "kept", SYNAPSE_BATCH_WAITING: "yes" };
    const waited = untilJoined(environment, process_);
    expect(references).toEqual(["ref"]);
    process_.emit("message", joining);
    await waited;
    expect(references).toEqual(["ref", "unref"]);
    expect(environment).toEqual({ THEIRS: "kept", ...joining });
  });

  it("does nothing by itself when its parent is gone", async () => {
    const waited = untilJoined({ SYNAPSE_BATCH_WAITING: "yes" }, processWith(undefined));
    await expect(waited).rejects.toMatchObject({ exitCode: 130 });
  });

  it("does not wait where nobody said so", async () => {
    await expect(untilJoined({}, processWith(undefined))).resolves.toBeUndefined();
  });
});
