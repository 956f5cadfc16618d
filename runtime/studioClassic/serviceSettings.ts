import { exitCodes, ProgramError } from "../../contract/errors.js";

/** How the service is reached; options win over the environment, and the environment over the stack. */
export interface ServiceArguments {
  readonly endpoint?: string;
  readonly apiKey?: string;
  readonly storage?: string;
}

/** The service's address without a slash at its end, its key, and the account that its blobs are kept in. */
export interface ServiceSettings {
  readonly url: string;
  readonly apiKey: string;
  readonly connectionString: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The service's settings from options and environment, the address also from the stack's outputs (`stackEndpoint`), which
 * hold no secret; throws with exit code 2 naming all that is missing or malformed.
 */
export function serviceSettings(
  given: ServiceArguments,
  environment: Environment,
  stackEndpoint?: string,
): ServiceSettings {
  const endpoint = given.endpoint || environment["BES_ENDPOINT"] || stackEndpoint;
  const apiKey = given.apiKey || environment["BES_API_KEY"];
  const connectionString = given.storage || environment["BES_STORAGE_CONNECTION_STRING"];
  if (!endpoint || !apiKey || !connectionString) {
    const missing = [
      ...(endpoint ? [] : ["its address (--endpoint, BES_ENDPOINT, the stack's setting besEndpoint)"]),
      ...(apiKey ? [] : ["its key (BES_API_KEY, --api-key)"]),
      ...(connectionString ? [] : ["a storage account (BES_STORAGE_CONNECTION_STRING, --storage)"]),
    ];
    throw new ProgramError(
      exitCodes.usage,
      `the Batch Execution Service cannot be reached without ${missing.join(" and ")}`,
      { cure: "set the variables, or give the options; the service's page in Studio (classic) shows address and key" },
    );
  }
  return { url: serviceUrl(endpoint), apiKey, connectionString: completed(connectionString) };
}

/** Takes the address as it is shown in different places: with `/jobs`, with the query, with a slash at its end. */
function serviceUrl(endpoint: string): string {
  const found =
    /^(https?:\/\/[^/?#\s]+\/workspaces\/[^/?#\s]+\/services\/[^/?#\s]+)(?:\/jobs)?\/?(?:\?[^#\s]*)?$/i.exec(
      endpoint.trim(),
    );
  if (found?.[1] !== undefined) return found[1];
  throw new ProgramError(exitCodes.usage, `${endpoint.split("?", 1)[0]} is not the address of a web service`, {
    cure: "it looks like https://<region>.services.azureml.net/workspaces/<workspace>/services/<service>",
  });
}

/** Adds the parts that the service's own samples leave out but Azure's library asks for. */
function completed(connectionString: string): string {
  const parts = connectionString.split(";").filter((part) => part.trim() !== "");
  const names = new Set(parts.map((part) => part.split("=", 1)[0]?.trim()));
  if (names.has("AccountName") && names.has("AccountKey")) {
    if (!names.has("DefaultEndpointsProtocol")) parts.unshift("DefaultEndpointsProtocol=https");
    if (!names.has("EndpointSuffix") && !names.has("BlobEndpoint")) parts.push("EndpointSuffix=core.windows.net");
    return parts.join(";");
  }
  throw new ProgramError(exitCodes.usage, "the storage connection string has no AccountName and AccountKey", {
    cure: "az storage account show-connection-string --name <account> prints one",
  });
}
