import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import path from "node:path";
import { Agent, type Dispatcher, ProxyAgent } from "undici";
import { joinRunning } from "../emulator/ownership.js";
import { principals, subscription } from "../emulator/platform/subscription.js";
import { startEmulatorProcess } from "./emulatorProcess.js";
import type { Figure } from "./figure.js";
import { clients, type Load, load } from "./load.js";
import { answerOf, authorizationOf } from "./requests.js";

const serverCore = ["taskset", "-c", "0"] as const;
const clientCore = "1";
const vault = "benchmark";
const groupPath = `/subscriptions/${subscription.subscriptionId}/resourceGroups/benchmark`;
const vaultPath = `${groupPath}/providers/Microsoft.KeyVault/vaults/${vault}`;

/**
 * Requests through the gateway (CONNECT, TLS, bearer token, role check) from 16 keep-alive clients, the emulator on one
 * core and the clients on another; beside them a bare HTTPS server under the same clients. None where there is no second
 * core or no taskset.
 */
export async function throughput(): Promise<Figure[]> {
  if (availableParallelism() < 2 || spawnSync("taskset", ["--version"]).error) {
    process.stderr.write("skipped: requests through the gateway (needs two cores and taskset)\n");
    return [];
  }
  const cores = `0-${availableParallelism() - 1}`;
  pinThisProcess(clientCore);
  try {
    const floor = await floorLoad();
    const { secret, resource } = await emulatorLoads();
    return [
      ...figuresOf("bare node:https", floor),
      ...figuresOf("GET a secret", secret, floor),
      ...figuresOf("GET an ARM resource", resource, floor),
    ];
  } finally {
    pinThisProcess(cores);
  }
}

/** Every thread of this process; what it starts inherits the core unless it is given another. */
function pinThisProcess(cores: string): void {
  spawnSync("taskset", ["-a", "-c", "-p", cores, String(process.pid)]);
}

function figuresOf(name: string, { requestsPerSecond, p50, p99 }: Load, floor?: Load): Figure[] {
  const peer = floor ? "bare node:https" : null;
  const ratio = (own: number, other: number | undefined) =>
    other === undefined ? null : Math.round((own / other) * 100) / 100;
  const milliseconds = (value: number) => Math.round(value * 10) / 10;
  return [
    {
      name: `${name}, ${clients} clients`,
      value: Math.round(requestsPerSecond),
      unit: "requests/s",
      peer,
      ratio: ratio(requestsPerSecond, floor?.requestsPerSecond),
    },
    { name: `${name}, p50`, value: milliseconds(p50), unit: "ms", peer, ratio: ratio(p50, floor?.p50) },
    { name: `${name}, p99`, value: milliseconds(p99), unit: "ms", peer, ratio: ratio(p99, floor?.p99) },
  ];
}

async function floorLoad(): Promise<Load> {
  const [taskset, ...words] = serverCore;
  const program = path.join(import.meta.dirname, "floorServer.ts");
  const server = spawn(taskset, [...words, process.execPath, "--import", "tsx", program], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [line] = (await once(server.stdout, "data")) as [Buffer];
  const { port, host, certificatePem } = JSON.parse(line.toString()) as {
    readonly port: number;
    readonly host: string;
    readonly certificatePem: string;
  };
  const agent = new Agent({ connections: clients, connect: { ca: certificatePem, servername: host } });
  const result = await load(agent, `https://127.0.0.1:${port}/`);
  await agent.destroy();
  server.kill();
  await once(server, "close");
  return result;
}

async function emulatorLoads(): Promise<{ readonly secret: Load; readonly resource: Load }> {
  const emulator = await startEmulatorProcess(serverCore);
  const joined = await joinRunning(emulator.folder);
  if (!joined) throw new Error("the emulator cannot be joined");
  const environment = joined.environmentFor("deployer");
  const agent = new ProxyAgent({
    uri: joined.proxyUrl,
    connections: clients,
    requestTls: { ca: readFileSync(environment["NODE_EXTRA_CA_CERTS"] ?? "", "utf8") },
  });
  try {
    const arm = await authorizationOf(agent, environment, "https://management.azure.com");
    await provision(agent, arm);
    const keyVault = await authorizationOf(agent, environment, "https://vault.azure.net");
    return {
      secret: await load(agent, `https://${vault}.vault.azure.net/secrets/sample?api-version=7.4`, keyVault),
      resource: await load(agent, `https://management.azure.com${vaultPath}?api-version=2024-11-01`, arm),
    };
  } finally {
    await agent.destroy();
    await joined.leave();
    await emulator.close();
  }
}

/** A vault that goes by roles, its one secret, and the right to read it: a role check is part of what is measured. */
async function provision(dispatcher: Dispatcher, headers: Readonly<Record<string, string>>): Promise<void> {
  const { subscriptionId, tenantId } = subscription;
  const send = (method: "PUT" | "POST", path: string, content: object) =>
    answerOf(dispatcher, `https://management.azure.com${path}?api-version=2022-04-01`, {
      method,
      headers: { ...headers, "content-type": "application/json" },
      body: JSON.stringify(content),
    });
  const sku = { family: "A", name: "standard" };
  const secretsUser = `/subscriptions/${subscriptionId}/providers/Microsoft.Authorization/roleDefinitions/4633458b-17de-408a-b874-0445c86b69e6`;
  const assignment = {
    roleDefinitionId: secretsUser,
    principalId: principals.deployer.objectId,
    principalType: "ServicePrincipal",
  };
  await send("POST", `/subscriptions/${subscriptionId}/providers/Microsoft.KeyVault/register`, {});
  await send("PUT", groupPath, { location: "centralus" });
  await send("PUT", vaultPath, { location: "centralus", properties: { tenantId, sku, enableRbacAuthorization: true } });
  await send("PUT", `${vaultPath}/secrets/sample`, { properties: { value: "x".repeat(100) } });
  const name = "7a0c8a2e-3f5b-4c1d-9e6a-2b4d6f8a0c1e";
  await send("PUT", `${vaultPath}/providers/Microsoft.Authorization/roleAssignments/${name}`, {
    properties: assignment,
  });
}
