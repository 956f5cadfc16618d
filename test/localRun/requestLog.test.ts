import { describe, expect, it } from "vitest";
import type { HttpRequest } from "../../emulator/engine/ports.js";
import { RequestLog } from "../../emulator/localRun/requestLog.js";
import { stubHttp } from "../../emulator/localRun/stubHttp.js";

const request = (url: string): HttpRequest => ({
  method: "POST",
  url,
  headers: {},
  body: "{}",
  timeoutMs: 1000,
  maxResponseBytes: 1000,
  signal: new AbortController().signal,
});

describe("a recorded stub", () => {
  it("answers again also where the address holds a secret, which the file does not", async () => {
    const log = new RequestLog();
    const url = "https://logic.example/run(1)?sig=s3cret~value&x=1";
    const headers = { "Operation-Location": "https://logic.example/ops/1", "Set-Cookie": "session" };
    await log.listen({ send: async () => ({ status: 202, statusText: "", headers, body: "" }) }).send(request(url));
    expect(JSON.stringify(log.stub())).not.toMatch(/s3cret|session/);
    const again = stubHttp(log.stub(), () => false);
    const { status, headers: sent } = await again.send(request(url));
    expect({ status, sent }).toEqual({ status: 202, sent: { "Operation-Location": "https://logic.example/ops/1" } });
    await expect(again.send(request("https://logic.example/run1?sig=a&x=1"))).rejects.toThrow("No stub answers");
  });
});
