import type https from "node:https";

export declare class TunnelAgent extends https.Agent {
  constructor(proxyUrl: string, options?: https.AgentOptions);
}
export declare function post(
  agent: https.Agent,
  address: string,
  headers: Readonly<Record<string, string>>,
  body: string,
): Promise<unknown>;
export declare function synapseToken(
  agent: https.Agent,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<string>;
