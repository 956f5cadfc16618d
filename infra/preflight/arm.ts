import * as pulumi from "@pulumi/pulumi";
import { messageOf } from "../../contract/errors.js";
import { hostNames } from "../../contract/hosts.js";
import { deployerTokenAs } from "../dataplane/credential.js";
import { azureErrorOf } from "../dataplane/errors.js";
import { openHttp } from "../dataplane/http.js";
import { readSignIn } from "../dataplane/signIn.js";

/** What Resource Manager says to a question: its JSON, that there is no such thing, or that it does not say. */
export type Said =
  | { readonly kind: "answer"; readonly json: unknown }
  | { readonly kind: "nothing" }
  | { readonly kind: "refusal"; readonly code: string; readonly message: string };

/** Asks Resource Manager; a path begins with a slash and has no query. */
export interface Arm {
  get(path: string, apiVersion: string): Promise<Said>;
  post(path: string, apiVersion: string, body: unknown): Promise<Said>;
}

const audience = `https://${hostNames.resourceManager}`;

/** Asks as the deployer; rejects with a `RunError` when the environment's sign-in is not the principal that azure-native signs in as. */
export async function withArm<T>(deployer: string, work: (arm: Arm) => Promise<T>): Promise<T> {
  const http = openHttp();
  try {
    const signIn = readSignIn((key) => pulumi.runtime.getConfig(key));
    const token = await deployerTokenAs(http, signIn, audience, deployer).catch((error: unknown) => {
      throw new pulumi.RunError(`The deployer: ${messageOf(error)}`);
    });
    const headers = { authorization: `Bearer ${token}` };
    const ask = async (method: "GET" | "POST", path: string, apiVersion: string, body?: unknown): Promise<Said> => {
      const url = `${audience}${path}?api-version=${apiVersion}`;
      const answer = await http.send({ method, url, headers, body });
      if (answer.status === 404) return { kind: "nothing" };
      if (answer.status >= 400) return { kind: "refusal", ...azureErrorOf(answer) };
      return { kind: "answer", json: answer.json };
    };
    return await work({
      get: (path, apiVersion) => ask("GET", path, apiVersion),
      post: (path, apiVersion, body) => ask("POST", path, apiVersion, body),
    });
  } finally {
    await http.close();
  }
}
