import { createServer } from "node:http";
import { text } from "node:stream/consumers";
import { describe, expect, it, onTestFinished } from "vitest";
import { exitCodes } from "../../../contract/errors.js";
import { createHttpClient } from "../../../runtime/http/client.js";
import { openBatchExecution } from "../../../runtime/studioClassic/batchExecution.js";
import { ManualClock } from "../../helpers/manualClock.js";

interface Reply {
  readonly status: number;
  readonly body?: string;
}

/** A service that gives the replies in turn, the last one for ever. */
async function startService(...replies: readonly Reply[]) {
  const requests: string[] = [];
  const seen: { authorization?: string | undefined; body?: string }[] = [];
  const server = createServer(async (request, response) => {
    requests.push(`${request.method} ${request.url}`);
    seen.push({ authorization: request.headers.authorization, body: await text(request) });
    const { status, body = "" } = replies[Math.min(requests.length, replies.length) - 1] ?? { status: 500 };
    response.writeHead(status, { "content-type": "application/json" }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const http = createHttpClient({ environment: {}, clock: new ManualClock({ jumps: true }), random: () => 0.5 });
  onTestFinished(async () => {
    await http.close();
    server.closeAllConnections();
    server.close();
  });
  const url = `http://127.0.0.1:${port}/workspaces/w/services/s`;
  return { requests, seen, service: openBatchExecution({ url, apiKey: "key==", http }) };
}

const { signal } = new AbortController();
const job = "/workspaces/w/services/s/jobs/j1";
const refusal = (code: string, message: string, ...details: string[]) =>
  JSON.stringify({ error: { code, message, details: details.map((sentence) => ({ message: sentence })) } });

describe("the client of the Batch Execution Service", () => {
  it("submits with the key as Bearer and reads the id as a bare JSON string", async () => {
    const { service, requests, seen } = await startService({ status: 200, body: '"539d0bc2"' });
    const request = { GlobalParameters: { "Data source URL": "" }, Outputs: {} };
    expect(await service.submit(request, signal)).toBe("539d0bc2");
    expect(requests).toEqual(["POST /workspaces/w/services/s/jobs?api-version=2.0"]);
    expect(seen).toEqual([{ authorization: "Bearer key==", body: JSON.stringify(request) }]);
  });

  it.each([200, 204])("takes a start that answers %d", async (status) => {
    const { service, requests } = await startService({ status });
    await service.start("j1", signal);
    expect(requests).toEqual([`POST ${job}/start?api-version=2.0`]);
  });

  it("takes a job that was started already as started", async () => {
    const { service } = await startService(
      { status: 400, body: refusal("InvalidOperation", "The job cannot be started because it is in Running state.") },
      { status: 200, body: '{"StatusCode":1}' },
    );
    await service.start("j1", signal);
  });

  it("gives the service's sentence where a job cannot be started", async () => {
    const { service } = await startService(
      { status: 400, body: refusal("BadArgument", "No such blob.") },
      { status: 200, body: "{}" },
    );
    await expect(service.start("j1", signal)).rejects.toThrow("No such blob.");
  });

  it("reads the status as a number, as a word, and {} as not started", async () => {
    const { service, requests } = await startService(
      { status: 200, body: "{}" },
      { status: 200, body: '{"StatusCode":1}' },
      { status: 200, body: '{"StatusCode":"Finished","Results":{"output2":{"RelativeLocation":"c/o.csv"}}}' },
    );
    const states = [];
    for (let look = 0; look < 3; look += 1) states.push((await service.status("j1", signal))?.state);
    expect(states).toEqual(["NotStarted", "Running", "Finished"]);
    expect(new Set(requests)).toEqual(new Set([`GET ${job}?api-version=2.0`]));
  });

  it("tells a job that is gone from a service that is not there", async () => {
    const gone = await startService({ status: 404, body: refusal("NotFound", "The job 'j1' was not found.") });
    expect(await gone.service.status("j1", signal)).toBeUndefined();
    await gone.service.delete("j1");
    const other = await startService({
      status: 404,
      body: refusal("NotFound", "Resource not found.", "Workspace not found. Verify the workspace Id."),
    });
    await expect(other.service.status("j1", signal)).rejects.toMatchObject({
      exitCode: exitCodes.usage,
      message: expect.stringMatching(/: Resource not found\. Workspace not found\. Verify the workspace Id\.$/),
      cure: expect.stringContaining("BES_ENDPOINT"),
    });
  });

  it("asks again while the service is busy", async () => {
    const { service, requests } = await startService({ status: 503 }, { status: 204 });
    await service.delete("j1");
    expect(requests).toEqual([`DELETE ${job}?api-version=2.0`, `DELETE ${job}?api-version=2.0`]);
  });

  it("names the variable of a wrong key and does not show the key", async () => {
    const { service } = await startService({
      status: 401,
      body: refusal("Unauthorized", "Invalid credentials provided."),
    });
    await expect(service.status("j1", signal)).rejects.toMatchObject({
      exitCode: exitCodes.unavailable,
      message: expect.stringMatching(/^(?!.*key==).*Invalid credentials provided\.$/),
      cure: expect.stringContaining("BES_API_KEY"),
    });
  });
});
