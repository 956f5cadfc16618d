import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { isJsonObject } from "../../../contract/json.js";
import { subscription } from "../../../emulator/platform/subscription.js";
import { workspace as studioClassic } from "../../../emulator/services/studioClassic/workspace.js";
import {
  machineLearningId,
  type Plane,
  planes,
  startProvisionedEmulator,
  tokenFor,
} from "../../helpers/provisioned.js";
import { type RawAnswer, RawClient } from "../../helpers/rawHttp.js";
import type { TestEmulator } from "../../helpers/testEmulator.js";
import { type Defect, defects } from "./defects.js";
import { bytesOf, type WireRequest, wellFormed } from "./request.js";
import { type Route, routesOf } from "./routes.js";
import { armSamples, blobSamples, type Sample, sampleOf } from "./samples.js";

/** How often each way to spoil a request is tried on each route; a soak run sets more. */
const runs = Number(process.env["SYNAPSE_BATCH_MALFORMED_RUNS"] ?? 1);
const seed = Number(process.env["SYNAPSE_BATCH_MALFORMED_SEED"] ?? 20_240_501);

let emulator: TestEmulator;
let routes: Route[];
/** The planes that take a key of their own, and the variable of a joined process that holds it. */
const keyVariables: Readonly<Partial<Record<Plane, string>>> = {
  batchExecution: "BES_API_KEY",
  studioManagement: "BES_WORKSPACE_TOKEN",
};
const clients = new Map<Plane, RawClient>();
const tokens = new Map<Plane, string>();

beforeAll(async () => {
  ({ made: emulator, routes } = await routesOf(startProvisionedEmulator));
  for (const [plane, { host, audience }] of Object.entries(planes) as [Plane, (typeof planes)[Plane]][]) {
    clients.set(plane, new RawClient(emulator.port, host));
    const key = emulator.environment[keyVariables[plane] ?? ""];
    tokens.set(plane, audience === undefined ? (key ?? "") : await tokenFor(emulator, "deployer", audience));
  }
});
afterAll(async () => {
  for (const client of clients.values()) client.close();
  await emulator.close();
});

async function send(request: WireRequest): Promise<RawAnswer | undefined> {
  return clients.get(request.plane)?.send(bytesOf(request), request.method);
}

const requestOf = (plane: Plane, sample: Sample) => wellFormed(plane, { ...sample, token: tokens.get(plane) ?? "" });

/** The samples of a plane: of all its routes, as the service itself tells them. */
async function samplesOf(plane: Plane): Promise<Sample[]> {
  if (plane === "blob") return blobSamples();
  const own = routes.filter((route) => route.plane === plane);
  expect(own).not.toEqual([]);
  if (plane !== "resourceManager") return own.map(sampleOf);
  // Resource Manager reads paths itself: it says by its own API what it serves
  expect(new Set(own.map(({ pattern }) => pattern))).toEqual(new Set(["/metadata/endpoints", "/*"]));
  return armSamples(await servedTypes());
}

async function servedTypes(): Promise<string[]> {
  const target = `/subscriptions/${subscription.subscriptionId}/providers?api-version=2021-04-01`;
  const answer = await send(requestOf("resourceManager", { method: "GET", target }));
  const providers = JSON.parse(answer?.body ?? "") as {
    readonly value: readonly { namespace: string; resourceTypes: readonly { resourceType: string }[] }[];
  };
  return providers.value.flatMap(({ namespace, resourceTypes }) =>
    resourceTypes.map(({ resourceType }) => `${namespace}/${resourceType}`),
  );
}

/** Whether an answer of 400 or more is an error in the shape of its service. */
function isInShape(plane: Plane, { body, headers }: RawAnswer): boolean {
  const type = headers["content-type"] ?? "";
  if (plane === "blob")
    return type === "application/xml" && /^<\?xml.*<Error>\s*<Code>\w+<\/Code>\s*<Message>/s.test(body);
  if (!type.startsWith("application/json")) return false;
  const parsed: unknown = JSON.parse(body);
  if (!isJsonObject(parsed)) return false;
  if (plane === "entra") return typeof parsed["error"] === "string" && typeof parsed["error_description"] === "string";
  const error = isJsonObject(parsed["error"]) ? parsed["error"] : ["synapse", "webHooks"].includes(plane) ? parsed : {};
  const isNamed = typeof error["code"] === "string" && typeof error["message"] === "string";
  if (["scoring", "history", "datasets"].includes(plane)) return isNamed && "componentName" in parsed;
  return isNamed && (plane !== "graph" || isJsonObject(error["innerError"]));
}

function check(request: WireRequest, answer: RawAnswer | undefined, { mustBeRefused }: Defect): void {
  const shown = bytesOf(request).toString("latin1").slice(0, 600);
  if (!answer) throw new Error(`no answer to\n${shown}`);
  const isUnsupported = answer.status === 501 && (request.method === "HEAD" || answer.body.includes("NotImplemented"));
  const problem =
    answer.status >= 500 && !isUnsupported
      ? "a fault"
      : mustBeRefused && answer.status < 400
        ? "not refused"
        : answer.status >= 400 && request.method !== "HEAD" && !isInShape(request.plane, answer)
          ? "not in the service's shape"
          : undefined;
  if (problem) throw new Error(`${problem}: ${answer.status} ${answer.body.slice(0, 400)}\n${shown}`);
}

/** In a quick run the routes of a large service share the defects among them; in a soak run each route gets all. */
const routesPerRound = 10;

describe("a malformed request is answered with 4xx in the service's own error shape", () => {
  it.each(Object.keys(planes) as Plane[])("by every route of %s", { timeout: 120_000 * runs }, async (plane) => {
    const before = emulator.lines.length;
    const all = await samplesOf(plane);
    const stride = runs > 1 ? 1 : Math.ceil(all.length / routesPerRound);
    for (const [route, sample] of all.entries()) {
      const request = requestOf(plane, sample);
      const chosen = Object.values(defects).filter((_defect, index) => (index + route) % stride === 0);
      for (const defect of chosen.filter(({ fits }) => fits?.(request) ?? true)) {
        const answers = fc.asyncProperty(defect.spoil(request), async (one) => check(one, await send(one), defect));
        await fc.assert(answers, { seed: seed + route, numRuns: runs });
      }
    }
    expect(emulator.lines.slice(before).filter((line) => line.startsWith("failed:"))).toEqual([]);
  });
});

/** A route of each plane that takes content as JSON. */
const writes: Readonly<Partial<Record<Plane, Sample>>> = {
  resourceManager: { method: "PUT", target: `${machineLearningId}?api-version=2025-12-01` },
  keyVault: { method: "PUT", target: "/secrets/large?api-version=7.4" },
  synapse: { method: "PUT", target: "/pipelines/large?api-version=2020-12-01" },
  scoring: { method: "POST", target: "/jobs" },
  datasets: { method: "POST", target: `/dataset/v1.0${machineLearningId}/saveddatasets/from-data-path` },
  graph: { method: "POST", target: "/v1.0/directoryObjects/getByIds" },
  entra: { method: "POST", target: `/${subscription.tenantId}/oauth2/token` },
  batchExecution: {
    method: "POST",
    target: `/workspaces/${studioClassic.id}/services/${studioClassic.defaultEndpoint.id}/jobs`,
  },
};

describe("content that is larger than a service reads", () => {
  it.each(Object.entries(writes) as [Plane, Sample][])(
    "is refused with 413 by %s, and the log names the route",
    async (plane, sample) => {
      const before = emulator.lines.length;
      const request = requestOf(plane, { ...sample, content: { value: "x".repeat(5_000_000) } });
      const answer = await send(request);
      expect(answer?.status).toBe(413);
      if (answer) expect(isInShape(plane, answer)).toBe(true);
      const [line = ""] = emulator.lines.slice(before);
      expect(line).toMatch(new RegExp(`^refused: ${sample.method} https://${planes[plane].host}/\\S+: 413$`));
    },
  );
});
