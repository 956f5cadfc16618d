import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { json } from "node:stream/consumers";
import { ProxyAgent } from "undici";
import { audiences } from "../contract/hosts.js";
import { type StackOutputs, stackOutputs } from "../contract/stackOutputs.js";
import { askControl } from "../emulator/askControl.js";
import { joined } from "../emulator/environment.js";
import type { FaultList } from "../emulator/faultRoutes.js";
import { joinRunning } from "../emulator/ownership.js";
import type { PrincipalName } from "../emulator/platform/subscription.js";
import { launcher, startEmulatorProcess } from "./emulatorProcess.js";
import { answerOf, authorizationOf } from "./requests.js";

/** An emulator as a user starts it, with the Pulumi program deployed into it, and light pipelines beside it. */
export interface DeployedProcess {
  readonly workspace: string;
  /** `https://<workspace>.dev.azuresynapse.net` */
  readonly endpoint: string;
  /** The whole environment of a process that has joined as this principal. */
  environmentOf(principal: PrincipalName): NodeJS.ProcessEnv;
  /** Publishes a pipeline of these activities; resolves when it is there. */
  publish(name: string, properties: object): Promise<void>;
  /** Makes a pipeline the one that the stack's outputs name: what `trigger` starts when none is named. */
  select(name: string): void;
  /** Starts a run and resolves with its id. */
  start(pipeline: string): Promise<string>;
  /** How many requests the emulator has been sent since, by a mark on each whose path fits (`*` is any text). */
  count(path: string): Promise<() => Promise<number>>;
  /** Of the marks of `count`: they delay each request by a millisecond. */
  stopCounting(): Promise<void>;
  close(): Promise<void>;
}

/** Starts one and deploys into it; fails where the deployment does. */
export async function startDeployedProcess(): Promise<DeployedProcess> {
  const emulator = await startEmulatorProcess();
  const { folder } = emulator;
  const joining = await joinRunning(folder);
  const announcement = folder.announcement();
  if (!joining || !announcement) throw new Error("the emulator cannot be joined");
  const environmentOf = (principal: PrincipalName): NodeJS.ProcessEnv => ({
    ...joined(process.env, joining.environmentFor(principal)),
    SYNAPSE_BATCH_HOME: folder.path,
  });
  await finished(process.execPath, [launcher, "emulator", "deploy"], environmentOf("deployer"));
  const outputsFile = environmentOf("deployer")["STACK_OUTPUTS"] ?? "";
  const outputs: StackOutputs = stackOutputs.parse(JSON.parse(readFileSync(outputsFile, "utf8")));
  const agent = new ProxyAgent({ uri: joining.proxyUrl, requestTls: { ca: readFileSync(folder.files.authority) } });
  const authorization = await authorizationOf(agent, environmentOf("deployer"), audiences.synapse[0]);
  const call = (method: "GET" | "PUT" | "POST", at: string, body?: object) =>
    answerOf(agent, `${outputs.synapseEndpoint}${at}?api-version=2020-12-01`, {
      method,
      headers: { ...authorization, "content-type": "application/json" },
      body: body === undefined ? null : JSON.stringify(body),
    });
  const control = async (method: "GET" | "POST" | "DELETE", body?: object) => {
    const response = await askControl(announcement, method, "/faults", body);
    if (!response || Number(response.statusCode) >= 300) throw new Error(`the emulator refuses ${method} /faults`);
    return json(response);
  };
  return {
    workspace: outputs.synapseWorkspace,
    endpoint: outputs.synapseEndpoint,
    environmentOf,
    async publish(name, properties) {
      await call("PUT", `/pipelines/${name}`, { properties });
    },
    select: (pipelineName) => writeFileSync(outputsFile, JSON.stringify({ ...outputs, pipelineName })),
    async start(pipeline) {
      const { runId } = (await call("POST", `/pipelines/${pipeline}/createRun`, {})) as { readonly runId: string };
      return runId;
    },
    async count(pattern) {
      const { id } = (await control("POST", { kind: "latency", delayMs: 1, path: pattern })) as { readonly id: number };
      return async () => {
        const { faults } = (await control("GET")) as FaultList;
        return faults.find((fault) => fault.id === id)?.applied ?? Number.NaN;
      };
    },
    async stopCounting() {
      await control("DELETE");
    },
    async close() {
      await agent.destroy();
      await joining.leave();
      await emulator.close();
    },
  };
}

/** Runs a program to its end and resolves with the milliseconds that it took; rejects where it does not succeed. */
export async function finished(file: string, words: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  const begun = performance.now();
  const child = spawn(file, words, { env, stdio: ["ignore", "ignore", "pipe"] });
  let talk = "";
  child.stderr.setEncoding("utf8").on("data", (text) => {
    talk += text;
  });
  const [code] = await once(child, "close");
  if (code !== 0) throw new Error(`${file} ${words.join(" ")} ended with exit code ${code}: ${talk}`);
  return performance.now() - begun;
}
