import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import http from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { expect, it, onTestFinished } from "vitest";
import { createStorage } from "../../../emulator/services/storage/index.js";
import { testPlatform } from "./platform.js";
import { containerId } from "./support.js";

interface Child {
  send(method: string, url: string, body?: string): Promise<number>;
  kill(): Promise<void>;
}

async function startChild(folder: string): Promise<Child> {
  const script = path.join(import.meta.dirname, "child.ts");
  const child = spawn(process.execPath, ["--import", "tsx", script, folder], { stdio: ["ignore", "pipe", "inherit"] });
  const closed = once(child, "close");
  onTestFinished(() => void child.kill("SIGKILL"));
  const ended = closed.then(() => Promise.reject(new Error("the child ended before it listened")));
  const [line] = await Promise.race([once(createInterface(child.stdout), "line"), ended]);
  const { port, authorization } = JSON.parse(String(line)) as { port: number; authorization: string };
  const headers = {
    host: "acct1.blob.core.windows.net",
    authorization,
    "x-ms-version": "2025-11-05",
    "x-ms-blob-type": "BlockBlob",
  };
  return {
    send: (method, path, body = "") =>
      new Promise((resolve, reject) => {
        const length = { "content-length": Buffer.byteLength(body) };
        const sending = http.request({ port, host: "127.0.0.1", method, path, headers: { ...headers, ...length } });
        // settled by the status line: nothing may be left to do after it
        sending.on("response", (response) => resolve(response.statusCode ?? 0)).on("error", reject);
        sending.end(body);
      }),
    async kill() {
      child.kill("SIGKILL");
      await closed;
    },
  };
}

async function reopen(folder: string) {
  const platform = await testPlatform({ databasePath: path.join(folder, "state.db") });
  const storage = await createStorage(platform, { folder: path.join(folder, "storage") });
  onTestFinished(async () => {
    await storage.close();
    platform.store.close();
  });
  const scoring = platform.principal("scoring");
  const read = async (path: string) =>
    String(Buffer.from(await storage.blobs.read({ account: "acct1", container: "made", path }, scoring)));
  return { platform, read };
}

it("an acknowledged write is there after the process was killed in the same moment", async () => {
  const folder = mkdtempSync(path.join(tmpdir(), "storage-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));

  const child = await startChild(folder);
  expect(await child.send("PUT", "/made?restype=container")).toBe(201);
  for (let count = 0; count < 5; count++) expect(await child.send("PUT", `/made/b${count}`, `text ${count}`)).toBe(201);
  expect(await child.send("DELETE", "/made/b0")).toBe(202);
  const together = ["b1", "x", "y", "z"].map((name) => child.send("PUT", `/made/${name}`, `new ${name}`));
  expect(await Promise.all(together)).toEqual([201, 201, 201, 201]);
  await child.kill();

  const { platform, read } = await reopen(folder);
  expect(platform.resources.get(containerId("acct1", "made"))?.name).toBe("made");
  expect(await Promise.all(["b1", "b4", "x", "y", "z"].map(read))).toEqual([
    "new b1",
    "text 4",
    "new x",
    "new y",
    "new z",
  ]);
  await expect(read("b0")).rejects.toMatchObject({ status: 404, code: "BlobNotFound" });
});
