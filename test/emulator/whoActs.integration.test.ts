import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { grants } from "../../infra/access.js";
import { type DeployedEmulator, startDeployedEmulator } from "../helpers/deployedEmulator.js";
import { Actors, type DeedName, deedsIn, makeAdministrator, startLongRun, type Who } from "./deeds.js";

// the whole program is deployed once, with real sockets
let emulator: DeployedEmulator;
let actors: Actors;
let deeds: ReturnType<typeof deedsIn>;
beforeAll(async () => {
  emulator = await startDeployedEmulator();
  actors = new Actors(emulator);
  deeds = deedsIn(emulator);
}, 120_000);
afterAll(async () => {
  await actors.close();
  await emulator.close();
});

/** How each service refuses whoever lacks a role: status, code, sentence. */
const refusals = {
  "Key Vault": [403, "Forbidden", "Caller is not authorized to perform action on resource."],
  Storage: [
    403,
    "AuthorizationPermissionMismatch",
    "This request is not authorized to perform this operation using this permission.",
  ],
  "Azure ML": [403, "UserError", "does not have authorization to perform action 'Microsoft.MachineLearningServices"],
  Synapse: [403, "Unauthorized", "does not have the required Synapse RBAC permission to perform this action."],
  "Resource Manager": [403, "AuthorizationFailed", "does not have authorization to perform action 'Microsoft."],
} as const;

interface Row {
  readonly who: Who;
  readonly may: readonly DeedName[];
  readonly mayNot: readonly (readonly [DeedName, keyof typeof refusals])[];
}

const table: readonly Row[] = [
  {
    who: "deployer",
    may: ["listSecrets", "setSecret", "listScores", "publishPipeline", "listSynapseRoles", "listRoles", "readKeys"],
    mayNot: [
      ["listSecretsOfMachineLearning", "Key Vault"],
      ["listInput", "Storage"],
      ["writeScores", "Storage"],
    ],
  },
  {
    who: "Synapse identity",
    may: ["readSecret", "writeLake", "listLake"],
    mayNot: [
      ["setSecret", "Key Vault"],
      ["startJob", "Azure ML"],
      ["listInput", "Storage"],
    ],
  },
  {
    who: "cluster identity",
    may: ["listInput"],
    mayNot: [
      ["writeInput", "Storage"],
      ["listScores", "Storage"],
      ["readSecret", "Key Vault"],
    ],
  },
  {
    who: "invoker",
    may: ["listInput"],
    mayNot: [
      ["readSecret", "Key Vault"],
      ["startRun", "Synapse"],
      ["listScores", "Storage"],
    ],
  },
  {
    who: "trigger principal",
    may: ["readPipeline", "startRun"],
    mayNot: [
      ["publishPipeline", "Synapse"],
      ["listScores", "Storage"],
      ["startJob", "Azure ML"],
      ["readGroup", "Resource Manager"],
    ],
  },
  {
    who: "operators",
    may: ["readPipeline", "startRun", "listScores", "readGroup"],
    mayNot: [
      ["publishPipeline", "Synapse"],
      ["changeGroup", "Resource Manager"],
      ["readKeys", "Resource Manager"],
      ["readSecret", "Key Vault"],
    ],
  },
];

async function expectRefusal(who: Who, deed: DeedName, by: keyof typeof refusals): Promise<void> {
  const { status, text } = await actors.send(who, deeds[deed]);
  const [expected, code, sentence] = refusals[by];
  expect(status, text).toBe(expected);
  expect(text).toContain(code);
  expect(text).toContain(sentence);
}

async function expectSuccess(who: Who, deed: DeedName): Promise<void> {
  const { status, text } = await actors.send(who, deeds[deed]);
  expect(status, text).toBeLessThan(300);
}

describe.each(table)("who acts: $who", ({ who, may, mayNot }) => {
  it.each(may)("may %s", (deed) => expectSuccess(who, deed));
  it.each(mayNot)("may not %s, and %s says so in its words", (deed, by) => expectRefusal(who, deed, by));
});

describe("who acts", () => {
  it("everybody in the program's table of grants is walked here", () => {
    const walked = new Set<string>([...table.map(({ who }) => who), "synapseAdministrators"]);
    expect(new Set<string>(grants.map(({ who }) => who))).toEqual(walked);
  });

  it("the invoker and operators may start a job: what they are told is of the body alone", async () => {
    for (const who of ["invoker", "operators"] as const) {
      const { status, text } = await actors.send(who, deeds.startJob);
      expect([status, text]).toEqual([400, expect.stringContaining("The request body is not valid")]);
    }
  });

  it("the trigger principal starts a run and reads it, and cannot cancel it; an operator can", async () => {
    const runId = await startLongRun(actors, emulator.outputs, "trigger principal");
    const run = { ...deeds.startRun, url: `${emulator.outputs.synapseEndpoint}/pipelineruns/${runId}` };
    const read = { ...run, method: "GET", url: `${run.url}?api-version=2020-12-01` } as const;
    expect(JSON.parse((await actors.send("trigger principal", read)).text).runId).toBe(runId);
    const cancel = { ...run, url: `${run.url}/cancel?api-version=2020-12-01` };
    const refused = await actors.send("trigger principal", cancel);
    expect([refused.status, refused.text]).toEqual([403, expect.stringContaining(refusals.Synapse[2])]);
    expect(refused.text).toContain("cancelPipelineRun");
    expect((await actors.send("operators", cancel)).status).toBe(200);
  });

  it("synapseAdministrators publish and see roles once they have theirs, and read no secret, change no resource", async () => {
    await expectRefusal("synapseAdministrators", "publishPipeline", "Synapse");
    const principalId = actors.objectIdOf("synapseAdministrators");
    const given = await actors.send("deployer", makeAdministrator(principalId, emulator.outputs));
    expect(given.status, given.text).toBe(200);
    for (const deed of ["publishPipeline", "listSynapseRoles", "startRun"] as const) {
      await expectSuccess("synapseAdministrators", deed);
    }
    await expectRefusal("synapseAdministrators", "readSecret", "Key Vault");
    await expectRefusal("synapseAdministrators", "changeGroup", "Resource Manager");
  });
});
