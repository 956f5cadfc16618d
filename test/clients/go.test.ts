import { execFileSync } from "node:child_process";
import path from "node:path";
import { decodeJwt } from "jose";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { audiences } from "../../contract/hosts.js";
import { principals } from "../../emulator/platform/subscription.js";
import { runJoined } from "../helpers/childProcess.js";
import { type DeployedEmulator, startDeployedEmulator } from "../helpers/deployedEmulator.js";
import { seenInside } from "../helpers/insideExec.js";
import { requireTool } from "../helpers/tools.js";

const source = path.join(import.meta.dirname, "go");
/** A test downloads nothing: the modules are there (`go mod download` in that folder), or the test is skipped. */
const offline = { GOPROXY: "off" };
const go = requireTool("go", { args: ["-C", source, "list", "-deps", "."], env: offline });
const program = path.resolve(import.meta.dirname, "../../node_modules/.cache/synapse-batch/go-client");

describe.skipIf(go === undefined)("Azure's Go clients, inside emulator exec", () => {
  let emulator: DeployedEmulator;
  let seen: Awaited<ReturnType<typeof seenInside>>;
  beforeAll(async () => {
    execFileSync(String(go), ["build", "-o", program, "."], { cwd: source, env: { ...process.env, ...offline } });
    emulator = await startDeployedEmulator();
    seen = await seenInside(emulator, "deployer", program);
  });
  afterAll(() => emulator.close());

  it("armresources makes, changes and deletes a group and finds resources", () => {
    const { synapseWorkspace, resourceGroup } = emulator.outputs;
    expect(seen["armresources"]).toEqual({
      created: ["westeurope", "Succeeded"],
      updated: { team: "two" },
      exists: true,
      listed: ["rg-of-a-go-client", resourceGroup],
      unknown: { status: 404, code: "ResourceGroupNotFound" },
      found: synapseWorkspace,
    });
  });

  it("armsynapse reads the workspace and polls a firewall rule's life", () => {
    const { synapseWorkspace, synapseEndpoint } = emulator.outputs;
    expect(seen["armsynapse"]).toEqual({
      workspace: [synapseWorkspace, synapseEndpoint],
      listed: [synapseWorkspace],
      unknown: { status: 404, code: "ResourceNotFound" },
      rule: ["203.0.113.7", "203.0.113.9"],
      afterDelete: { status: 404, code: "ResourceNotFound" },
    });
  });

  it("azsecrets takes a secret through its properties, deletion, recovery, purge and restoring", () => {
    const name = "of-a-go-client";
    expect(seen["azsecrets"]).toEqual({
      got: "one",
      updated: "text/plain",
      listed: [name, "scoring-client-id", "scoring-client-secret"],
      deleted: `https://${emulator.outputs.keyVault}.vault.azure.net/deletedsecrets/${name}`,
      afterDelete: { status: 404, code: "SecretNotFound" },
      shownDeleted: name,
      recovered: "one",
      afterPurge: { status: 404, code: "SecretNotFound" },
      restored: true,
    });
  });

  it("azidentity trusts the name-constrained authority and gets a token for each plane", async () => {
    const resources = Object.values(audiences).flat();
    const { code, stdout, stderr } = await runJoined(
      program,
      resources.map((resource) => `${resource}/.default`),
      { environment: emulator.environmentFor("deployer") },
    );
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const claims = stdout.trim().split("\n").map(decodeJwt);
    expect(claims.map(({ aud }) => aud)).toEqual(resources);
    expect(new Set(claims.map((each) => each["oid"]))).toEqual(new Set([principals.deployer.objectId]));
  });

  it("the clients ask for no host that is not Azure's own", () => {
    expect(emulator.refusals).toEqual([]);
  });

  it("azidentity is told the name of an Azure host that is not emulated", async () => {
    const { code, stderr } = await runJoined(program, ["https://management.azure.com/.default"], {
      environment: { ...emulator.environment, AZURE_AUTHORITY_HOST: "https://login.microsoftonline.us" },
    });
    expect(code).toBe(1);
    expect(stderr).toContain("login.microsoftonline.us is not emulated");
  });
});
