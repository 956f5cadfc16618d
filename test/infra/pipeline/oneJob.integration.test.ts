import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { HttpFailure } from "../../../emulator/engine/ports.js";
import { memoryJournal } from "../../engine/testEngine.js";
import { scoringHost } from "../../services/machineLearning/names.js";
import { type Interception, TestAzure } from "./testAzure.js";

// nothing is scored here: a job that was made counts, however it ends
let azure: TestAzure;
beforeAll(async () => {
  azure = await TestAzure.start({ worker: new URL("file:///no/worker/is/needed") });
});
afterAll(() => azure.close());
beforeEach(() => {
  azure.exchanges.length = 0;
});

const isInvocation = (method: string, url: string) => method === "POST" && url === `https://${scoringHost}/jobs`;
const onInvocation =
  (then: Interception): Interception =>
  (request, send) =>
    isInvocation(request.method, request.url) ? then(request, send) : undefined;

describe.each(["servicePrincipal", "managedIdentity"] as const)("POST /jobs (%s)", (authentication) => {
  it.each<[string, number, Interception]>([
    [
      "whose answer is lost",
      1,
      async (_request, send) => {
        await send();
        throw new HttpFailure("reset", "The connection was reset.");
      },
    ],
    ["that never arrives", 0, () => Promise.reject(new HttpFailure("unreachable", "connection refused"))],
    ["that is answered with 429", 0, () => ({ status: 429, headers: { "Retry-After": "1" }, body: {} })],
    ["that is answered with 503", 0, () => ({ status: 503, body: {} })],
  ])("%s is not sent again: the run fails there", async (_what, made, interception) => {
    const before = azure.jobs().length;
    azure.intercept = onInvocation(interception);
    const result = await azure.engine().run(azure.pipeline({ authentication }));
    expect(result.run.status).toBe("Failed");
    expect(result.activity("invoke_batch")).toMatchObject({ status: "Failed", retryAttempt: null });
    expect(azure.invocations()).toBe(1);
    expect(azure.jobs()).toHaveLength(before + made);
  });

  it("is sent once, wherever in the run the process is killed and goes on", async () => {
    azure.intercept = () => undefined;
    const whole = memoryJournal();
    await azure.engine(whole).run(azure.pipeline({ authentication }));
    const places = whole.appends.length;
    expect(places).toBeGreaterThan(20);
    for (let place = 1; place < places; place += 1) {
      azure.exchanges.length = 0;
      const before = azure.jobs().length;
      const left = await killedAfter(place, authentication);
      const next = azure.engine(memoryJournal(left));
      next.engine.resume([next.runId]);
      await next.engine.finished(next.runId);
      expect(azure.invocations(), `killed after entry ${place}`).toBeLessThanOrEqual(1);
      expect(azure.jobs().length, `killed after entry ${place}`).toBeLessThanOrEqual(before + 1);
    }
  });
});

/** What is in the journal of a run whose process died when this many entries were written. */
async function killedAfter(place: number, authentication: "servicePrincipal" | "managedIdentity") {
  const journal = memoryJournal();
  const append = journal.append;
  const killed = new Promise<void>((resolve) => {
    journal.append = (runId, entries) => {
      if (journal.appends.length >= place) throw new Error("killed");
      append(runId, entries);
      if (journal.appends.length === place) resolve();
    };
  });
  const dying = azure.engine(journal);
  dying.start(azure.pipeline({ authentication }));
  await killed;
  await dying.engine.finished(dying.runId).catch(() => undefined);
  return journal.appends;
}
