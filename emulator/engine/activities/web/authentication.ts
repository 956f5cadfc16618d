import { messageOf } from "../../../../contract/errors.js";
import type { Json } from "../../../../contract/json.js";
import { isJsonObject, type JsonObject } from "../../../../contract/json.js";
import { ActivityFailure, invalidProperty } from "../activityFailure.js";
import type { ActivityContext, Report } from "../activityType.js";
import { objectAt } from "../dynamic.js";

interface Scheme {
  /** The members that must be there; alternatives are separated by `|`. */
  readonly required: readonly string[];
  readonly authorization: (context: ActivityContext, given: JsonObject) => Promise<string>;
}

const schemes: Readonly<Record<string, Scheme>> = {
  MSI: {
    required: ["resource"],
    authorization: (context, given) =>
      bearer(context, { kind: "workspace", resource: text(context, given, "resource") }),
  },
  UserAssignedManagedIdentity: {
    required: ["resource", "credential"],
    authorization: (context, given) =>
      bearer(context, {
        kind: "userAssigned",
        credential: text(context, objectAt(given, "credential") ?? {}, "referenceName"),
        resource: text(context, given, "resource"),
      }),
  },
  ServicePrincipal: {
    required: ["tenant|userTenant", "servicePrincipalId|username", "servicePrincipalKey|password", "resource"],
    authorization: (context, given) =>
      bearer(context, {
        kind: "servicePrincipal",
        tenant: text(context, given, "tenant", "userTenant"),
        clientId: text(context, given, "servicePrincipalId", "username"),
        clientSecret: text(context, given, "servicePrincipalKey", "password"),
        resource: text(context, given, "resource"),
      }),
  },
  Basic: {
    required: ["username", "password"],
    authorization: async (context, given) => {
      const credentials = `${text(context, given, "username")}:${text(context, given, "password")}`;
      return `Basic ${Buffer.from(credentials, "utf8").toString("base64")}`;
    },
  },
};

/** Reports an authentication that is incomplete or of a type that is not supported. */
export function checkAuthentication(properties: JsonObject, report: Report): void {
  const given = properties["authentication"];
  if (given === undefined || given === null) return;
  if (!isJsonObject(given)) {
    report("authentication", "authentication must be an object.");
    return;
  }
  const type = given["type"];
  const scheme = schemeOf(type);
  if (scheme === undefined && type !== undefined && type !== "None") {
    report("authentication.type", `The authentication type '${String(type)}' is not supported.`);
  }
  for (const names of scheme?.required ?? []) {
    const values = names.split("|").map((name) => given[name]);
    if (values.every((value) => value === undefined)) {
      report("authentication", `The authentication type '${String(type)}' needs ${names.split("|").join(" or ")}.`);
    }
    if (values.some((value) => isJsonObject(value) && value["type"] === "AzureKeyVaultSecret")) {
      report(`authentication.${names.split("|")[0]}`, "Secrets of type 'AzureKeyVaultSecret' are not supported.");
    }
  }
}

/** The Authorization header that the activity's authentication gives; undefined for none. */
export async function authorizationOf(context: ActivityContext): Promise<string | undefined> {
  const given = objectAt(context.properties, "authentication");
  return given && schemeOf(given["type"])?.authorization(context, given);
}

function schemeOf(type: Json | undefined): Scheme | undefined {
  return typeof type === "string" && Object.hasOwn(schemes, type) ? schemes[type] : undefined;
}

async function bearer(
  context: ActivityContext,
  request: Parameters<ActivityContext["ports"]["identity"]["token"]>[0],
): Promise<string> {
  try {
    return `Bearer ${await context.ports.identity.token(request)}`;
  } catch (error) {
    throw new ActivityFailure(
      "2108",
      `Failed to get an access token for the resource '${request.resource}': ${messageOf(error)}`,
      { cause: error },
    );
  }
}

/** The evaluated text of the first member that is there; a SecureString gives its value. */
function text(context: ActivityContext, given: JsonObject, ...names: readonly string[]): string {
  const found = names.map((name) => given[name]).find((each) => each !== undefined);
  const plain = isJsonObject(found) && found["type"] === "SecureString" ? found["value"] : found;
  const value = context.evaluate(plain);
  if (typeof value === "string" && value !== "") return value;
  throw invalidProperty(`The authentication's ${names[0]} must be a text.`);
}
