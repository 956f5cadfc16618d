import type { Json } from "../../../../contract/json.js";
import { isJsonObject, type JsonObject } from "../../../../contract/json.js";
import { invalidProperty } from "../activityFailure.js";
import type { ActivityContext, Report } from "../activityType.js";
import { objectAt } from "../dynamic.js";
import { bearer } from "./bearer.js";
import { secretMistake, secretOf } from "./keyVaultSecret.js";

interface Scheme {
  /** The members that must be there; alternatives are separated by `|`. */
  readonly required: readonly string[];
  readonly authorization: (context: ActivityContext, given: JsonObject) => Promise<string>;
}

const schemes: Readonly<Record<string, Scheme>> = {
  MSI: {
    required: ["resource"],
    authorization: async (context, given) =>
      bearer(context, { kind: "workspace", resource: await text(context, given, "resource") }),
  },
  UserAssignedManagedIdentity: {
    required: ["resource", "credential"],
    authorization: async (context, given) =>
      bearer(context, {
        kind: "userAssigned",
        credential: await text(context, objectAt(given, "credential") ?? {}, "referenceName"),
        resource: await text(context, given, "resource"),
      }),
  },
  ServicePrincipal: {
    required: ["tenant|userTenant", "servicePrincipalId|username", "servicePrincipalKey|password", "resource"],
    authorization: async (context, given) =>
      bearer(context, {
        kind: "servicePrincipal",
        tenant: await text(context, given, "tenant", "userTenant"),
        clientId: await text(context, given, "servicePrincipalId", "username"),
        clientSecret: await text(context, given, "servicePrincipalKey", "password"),
        resource: await text(context, given, "resource"),
      }),
  },
  Basic: {
    required: ["username", "password"],
    authorization: async (context, given) => {
      const credentials = `${await text(context, given, "username")}:${await text(context, given, "password")}`;
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
    if (values.every((value) => value === undefined || value === null)) {
      report("authentication", `The authentication type '${String(type)}' needs ${names.split("|").join(" or ")}.`);
    }
    for (const [index, value] of values.entries()) {
      const mistake = isJsonObject(value) && value["type"] === "AzureKeyVaultSecret" ? secretMistake(value) : undefined;
      if (mistake !== undefined) report(`authentication.${names.split("|")[index]}`, mistake);
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

/** The evaluated text of the first member that is there; a SecureString gives its value, a vault its secret. */
async function text(context: ActivityContext, given: JsonObject, ...names: readonly string[]): Promise<string> {
  const found = names.map((name) => given[name]).find((each) => each !== undefined && each !== null);
  const type = isJsonObject(found) ? found["type"] : undefined;
  if (isJsonObject(found) && type === "AzureKeyVaultSecret") return secretOf(context, found);
  const value = context.evaluate(isJsonObject(found) && type === "SecureString" ? found["value"] : found);
  if (typeof value === "string" && value !== "") return value;
  throw invalidProperty(`The authentication's ${names[0]} must be a text.`);
}
