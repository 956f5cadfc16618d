import * as pulumi from "@pulumi/pulumi";
import { messageOf } from "../contract/errors.js";
import { type ClientSecret, objectIdOf, tokenOfClient } from "./dataplane/credential.js";
import { openHttp } from "./dataplane/http.js";

/**
 * The object id of the application's service principal, read from a token of its own: proves id, secret and tenant
 * before the first resource, and needs no right to the directory. Throws a `RunError` with Entra ID's sentence.
 */
export async function scoringApplicationObjectId(client: ClientSecret): Promise<string> {
  const http = openHttp();
  try {
    return objectIdOf(await tokenOfClient(http, client, "https://ml.azure.com"));
  } catch (error) {
    throw new pulumi.RunError(
      `scoringClientId, scoringClientSecret: ${messageOf(error)}\nMake a new secret and set it:\n  az ad app credential reset --id ${client.clientId}\n  pulumi config set --secret scoringClientSecret <password>`,
    );
  } finally {
    await http.close();
  }
}
