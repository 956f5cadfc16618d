import { describe, expect, it } from "vitest";
import type { HttpClient, HttpRequest } from "../../../runtime/http/client.js";
import { HttpError } from "../../../runtime/http/errors.js";
import { openResourceManager } from "../../../runtime/machineLearning/resourceManager.js";
import { modelOf } from "../../../runtime/machineLearning/scoredBy.js";
import { ManualClock } from "../../helpers/manualClock.js";

/** Resource Manager behind a client that answers with `text`, to the token `fresh` alone. */
function opened(text: string) {
  const sent: HttpRequest[] = [];
  const http: HttpClient = {
    async send(request) {
      sent.push(request);
      if (request.headers?.["authorization"] !== "Bearer fresh") {
        throw new HttpError(request, 401, { code: "ExpiredAuthenticationToken", message: "The token is expired." });
      }
      return { status: 200, headers: {}, bytes: Buffer.from(text), text };
    },
    close: async () => {},
  };
  let kept = "stale";
  const tokens = {
    token: async (_audience: string, refused?: string) => {
      if (refused === kept) kept = "fresh";
      return kept;
    },
  };
  const { signal } = new AbortController();
  return { sent, resources: openResourceManager({ http, tokens, clock: new ManualClock(), signal }) };
}

describe("Resource Manager", () => {
  it("gets another token where it takes the first no longer, for every kind of request", async () => {
    for (const method of ["GET", "POST", "PUT"] as const) {
      const { resources, sent } = opened("{}");
      if (method === "GET") await resources.get("/id");
      else if (method === "POST") await resources.ask("/id", "cancel");
      else await resources.put("/id", {});
      expect(sent.map((request) => [request.method, request.headers?.["authorization"]])).toEqual([
        [method, "Bearer stale"],
        [method, "Bearer fresh"],
      ]);
    }
  });

  it("that answers with something else than JSON is an error of exit code 3 with a cure, and leaves a model unnamed", async () => {
    const { resources } = opened("<html>sign in</html>");
    await expect(resources.get("/id")).rejects.toMatchObject({
      exitCode: 3,
      message: "the answer of management.azure.com is not a JSON object",
      cure: expect.stringContaining("HTTPS_PROXY"),
    });
    const scored = { id: "/id", endpoint: "taxi", deployment: "d" };
    expect(await modelOf(scored, resources, "2024-05-01T08:00:01Z")).toBeUndefined();
  });
});
