import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { isJsonObject } from "../../contract/json.js";
import { machineLearningId, planes, startProvisionedEmulator, tokenFor } from "../helpers/provisioned.js";
import { type RawAnswer, RawClient } from "../helpers/rawHttp.js";
import type { TestEmulator } from "../helpers/testEmulator.js";
import { type Defect, defects } from "./tokenDefects.js";
import { challenges, type GuardedPlane, missingRole, moment, type Refusal, refusals } from "./tokenRefusals.js";

/** A read that needs a role, on each plane. */
const paths: Record<GuardedPlane, string> = {
  resourceManager: `${machineLearningId}?api-version=2025-12-01`,
  keyVault: "/secrets/sample?api-version=7.4",
  blob: "/?comp=list",
  synapse: "/pipelines?api-version=2020-12-01",
  scoring: "/jobs/none",
  history: `/history/v1.0${machineLearningId}/runs/none`,
  datasets: `/dataset/v1.0${machineLearningId}/saveddatasets/none`,
  graph: "/v1.0/servicePrincipals",
};
const guarded = Object.keys(paths) as GuardedPlane[];
const table = guarded.flatMap((plane) =>
  (Object.keys(defects) as Defect[]).map((defect) => ({ plane, defect, expected: refusals[plane][defect] })),
);

let emulator: TestEmulator;
beforeAll(async () => {
  emulator = await startProvisionedEmulator();
});
afterAll(() => emulator.close());

async function ask(plane: GuardedPlane, token: string, version = "2025-01-05"): Promise<RawAnswer> {
  const { host } = planes[plane];
  const client = new RawClient(emulator.port, host);
  const lines = [`GET ${paths[plane]} HTTP/1.1`, `Host: ${host}`, `x-ms-version: ${version}`, "Connection: close"];
  const answer = await client.send(`${[...lines, `Authorization: Bearer ${token}`].join("\r\n")}\r\n\r\n`);
  client.close();
  if (!answer) throw new Error(`${plane} ended the connection`);
  return answer;
}

/** Status, code (with Azure Machine Learning's inner one) and message of a refusal in any of the services' shapes. */
function refusalOf({ status, body }: RawAnswer): Refusal {
  const text = (element: string) => new RegExp(`<${element}>([^<]*)</${element}>`).exec(body)?.[1] ?? "";
  if (body.startsWith("<?xml")) {
    return [status, text("Code"), `${text("Message").split("\n")[0]} ${text("AuthenticationErrorDetail")}`];
  }
  const parsed: unknown = JSON.parse(body);
  const outer = isJsonObject(parsed) ? parsed : {};
  const error = isJsonObject(outer["error"]) ? outer["error"] : outer;
  const inner = error["innerError"];
  const code = isJsonObject(inner) && "code" in inner ? `${error["code"]}/${inner["code"]}` : String(error["code"]);
  return [status, code, withMoments(String(error["message"]))];
}

const withMoments = (text: string) => text.replaceAll(/\d+\/\d+\/\d{4} \d+:\d\d:\d\d [AP]M/g, moment);

describe("a token is refused in Azure's words", () => {
  it.each(table)("by $plane when it is $defect", async ({ plane, defect, expected }) => {
    const { audience } = planes[plane];
    const answer = await ask(plane, await defects[defect](await tokenFor(emulator, "deployer", audience)));
    expect(refusalOf(answer)).toEqual(expected);
    const challenge = challenges[plane]
      .replace("<url>", `https://${planes[plane].host}${paths[plane].split("?")[0]}`)
      .replace("<message>", expected[2]);
    expect(withMoments(String(answer.headers["www-authenticate"]))).toBe(challenge);
  });

  it.each(guarded)("by %s when its owner lacks the role", async (plane) => {
    const answer = await ask(plane, await tokenFor(emulator, "operator", planes[plane].audience));
    expect(refusalOf(answer)).toEqual(missingRole[plane]);
  });

  it.each(guarded)("by %s in as many different ways as there are causes", async (plane) => {
    const { audience } = planes[plane];
    const causes = ["wrong audience", "expired", "unsigned", "foreign tenant"] as const;
    const answers: Refusal[] = [refusalOf(await ask(plane, await tokenFor(emulator, "operator", audience)))];
    for (const cause of causes) {
      const token = await defects[cause](await tokenFor(emulator, "deployer", audience));
      answers.push(refusalOf(await ask(plane, token)));
    }
    expect(new Set(answers.map(String)).size).toBe(causes.length + 1);
  });

  it("by blob storage with 403 and without a challenge to a client of a version before 2019-12-12", async () => {
    const token = await defects.expired(await tokenFor(emulator, "deployer", planes.blob.audience));
    const answer = await ask("blob", token, "2019-07-07");
    expect(refusalOf(answer).slice(0, 2)).toEqual([403, "AuthenticationFailed"]);
    expect(answer.headers["www-authenticate"]).toBeUndefined();
  });
});

it.each(guarded)("a good token of %s is accepted, so that the refusals are about the token alone", async (plane) => {
  const answer = await ask(plane, await tokenFor(emulator, "deployer", planes[plane].audience));
  expect([200, 404]).toContain(answer.status);
});
