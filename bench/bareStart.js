import { readFileSync } from "node:fs";
import { post, synapseToken, TunnelAgent } from "./tunnel.js";

/** The least that starting a run costs in Node: a token request and createRun, each through the proxy of the environment. */
const { HTTPS_PROXY, STACK_OUTPUTS } = process.env;
const { synapseEndpoint, pipelineName } = JSON.parse(readFileSync(STACK_OUTPUTS, "utf8"));
const agent = new TunnelAgent(HTTPS_PROXY);
const headers = {
  authorization: `Bearer ${await synapseToken(agent, process.env)}`,
  "content-type": "application/json",
};
const address = `${synapseEndpoint}/pipelines/${pipelineName}/createRun?api-version=2020-12-01`;
const { runId } = await post(agent, address, headers, "{}");
process.stdout.write(`${runId}\n`);
