import type { Clock } from "../../contract/clock.js";
import type { JsonObject } from "../../contract/json.js";
import type { HttpRequest, HttpResponse } from "../../emulator/engine/ports.js";
import { type PipelineTestResult, runPipeline } from "../../emulator/testing.js";

const minute = 60_000;
const hour = 60 * minute;
/** After the last look but one, however late that is, and before the last. */
const jobMs = 395 * minute;
const tokenLifeMs = hour;

const after = (activity: string, condition = "Succeeded") => [{ activity, dependencyConditions: [condition] }];
const bearer = (activity: string) => ({
  Authorization: `@concat('Bearer ',activity('${activity}').output.access_token)`,
});
const web = (name: string, typeProperties: JsonObject, policy: JsonObject = {}) => ({
  name,
  type: "WebActivity",
  typeProperties: { method: "GET", url: `https://service.example/${name}`, ...typeProperties },
  policy,
});
const expression = (value: string) => ({ value, type: "Expression" });
const wait = (name: string, minutes: number) => ({
  name,
  type: "Wait",
  typeProperties: { waitTimeInSeconds: minutes * 60 },
});

/** A service that fails twice, an operation that never ends, a token that ends too early, a job that goes on. */
const definition: JsonObject = {
  activities: [
    web("token", {}),
    { ...web("flaky", {}, { retry: 3, retryIntervalInSeconds: 600 }), dependsOn: after("token") },
    { ...web("endless", {}, { timeout: "0.00:30:00" }), dependsOn: after("flaky") },
    { ...wait("pause", 130), dependsOn: after("endless", "Failed") },
    { ...web("stale", { headers: bearer("token") }), dependsOn: after("pause") },
    {
      name: "watch",
      type: "Until",
      dependsOn: after("stale", "Failed"),
      typeProperties: {
        expression: expression("@equals(activity('check').output.status,'Completed')"),
        timeout: "0.12:00:00",
        activities: [
          web("fresh", { url: "https://service.example/token" }),
          { ...web("check", { headers: bearer("fresh") }), dependsOn: after("fresh") },
          { ...wait("between", 75), dependsOn: after("check") },
        ],
      },
    },
  ],
};

/** Runs it against services that live by the same clock. */
export function eightHours(clock: Clock): Promise<PipelineTestResult> {
  const begun = clock.now().getTime();
  let calls = 0;
  const now = () => clock.now().getTime() - begun;
  const answers: Readonly<Record<string, (request: HttpRequest) => Partial<HttpResponse>>> = {
    "/token": () => json({ access_token: String(now()) }),
    "/flaky": () => {
      calls += 1;
      return { status: calls <= 2 ? 503 : 200 };
    },
    "/endless": () => ({ status: 202, headers: { Location: "https://service.example/endless", "Retry-After": "420" } }),
    "/stale": (request) => json({}, request),
    "/check": (request) => json({ status: now() < jobMs ? "Running" : "Completed" }, request),
  };
  const json = (body: object, { headers }: Partial<HttpRequest> = {}) => {
    const issued = headers ? Number(headers["Authorization"]?.replace("Bearer ", "")) : now();
    if (now() - issued > tokenLifeMs) return { status: 401, body: "The token has expired." };
    return { status: 200, body: JSON.stringify(body) };
  };
  return runPipeline(definition, {
    clock,
    async http(request) {
      const answer = answers[new URL(request.url).pathname]?.(request) ?? { status: 404 };
      return { status: 200, statusText: "", headers: {}, body: "{}", ...answer };
    },
  });
}

/** Each activity run in the order of their beginnings: name, status, attempt, minutes from the run's start to its own, its minutes. */
export function timeline({ run, activityRuns }: PipelineTestResult) {
  const minutes = (milliseconds: number) => milliseconds / minute;
  return activityRuns.map(({ activityName, status, retryAttempt, activityRunStart, durationInMs }) => ({
    what: [activityName, status, retryAttempt] as const,
    start: minutes(Date.parse(activityRunStart) - Date.parse(run.runStart ?? "")),
    duration: minutes(durationInMs ?? Number.NaN),
  }));
}

/** The timeline that the definition means: minutes from the start, minutes of duration. */
export const expected: readonly (readonly [string, string, number | null, number, number])[] = [
  ["token", "Succeeded", null, 0, 0],
  ["flaky", "Failed", null, 0, 0],
  ["flaky", "Failed", 1, 10, 0],
  ["flaky", "Succeeded", 2, 20, 0],
  ["endless", "Failed", null, 20, 30],
  ["pause", "Succeeded", null, 50, 130],
  ["stale", "Failed", null, 180, 0],
  ["watch", "Succeeded", null, 180, 300],
  ...[180, 255, 330, 405].flatMap(
    (start) =>
      [
        ["fresh", "Succeeded", null, start, 0],
        ["check", "Succeeded", null, start, 0],
        ["between", "Succeeded", null, start, 75],
      ] as const,
  ),
];
