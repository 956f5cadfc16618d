import { describe, expect, it } from "vitest";
import { HttpError } from "../../../runtime/http/errors.js";
import { createSynapseClient, type Window } from "../../../runtime/synapse/client.js";
import { createStartFinder } from "../../../runtime/synapse/findStart.js";
import { ManualClock } from "../../helpers/manualClock.js";

const hourMs = 3_600_000;

describe("the look for a run of a start", () => {
  it.each([-5 * hourMs, 0, 5 * hourMs])(
    "asks for the time of the start and for now, though the clock has jumped by %i ms between them",
    async (jumpMs) => {
      const clock = new ManualClock();
      const now = clock.now().getTime();
      const windows: Window[] = [];
      const http = {
        async send(request: { readonly method: string; readonly url: string; readonly body?: unknown }) {
          const { method, url } = request;
          if (method === "GET") throw new HttpError({ method, url }, 404, { code: "NotFound", message: "No." });
          windows.push(request.body as Window);
          const text = JSON.stringify({ value: [] });
          return { status: 200, headers: {}, bytes: Buffer.from(text), text };
        },
        close: async () => {},
      };
      const synapse = createSynapseClient("https://ws1", http, { token: async () => "token" });
      const pipeline = { name: "p", parameters: {} };
      const request = { endpoint: "https://ws1", pipeline, parameters: {}, idempotencyKey: undefined };
      const identity = { correlationId: "k", isGiven: false, requestId: "r" };
      const sentAt = now - jumpMs;
      await createStartFinder(request, identity, synapse, clock).look(sentAt);
      const [{ lastUpdatedAfter, lastUpdatedBefore } = { lastUpdatedAfter: "", lastUpdatedBefore: "" }] = windows;
      expect(Date.parse(lastUpdatedAfter)).toBe(Math.min(now, sentAt) - hourMs);
      expect(Date.parse(lastUpdatedBefore)).toBeGreaterThanOrEqual(Math.max(now, sentAt));
    },
  );
});
