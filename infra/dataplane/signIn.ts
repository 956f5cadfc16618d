import fs from "node:fs";
import type * as pulumi from "@pulumi/pulumi";
import { refusal } from "./errors.js";
import type { Http } from "./http.js";

/**
 * azure-native's settings on how to sign in, and the environment variables that count where the stack's configuration
 * (`azure-native:<name>`) says nothing.
 */
const variables = {
  tenantId: ["ARM_TENANT_ID"],
  clientId: ["ARM_CLIENT_ID"],
  clientSecret: ["ARM_CLIENT_SECRET"],
  clientCertificatePath: ["ARM_CLIENT_CERTIFICATE_PATH"],
  clientCertificatePassword: ["ARM_CLIENT_CERTIFICATE_PASSWORD"],
  useOidc: ["ARM_USE_OIDC"],
  oidcToken: ["ARM_OIDC_TOKEN"],
  oidcTokenFilePath: ["ARM_OIDC_TOKEN_FILE_PATH"],
  oidcRequestUrl: ["ARM_OIDC_REQUEST_URL", "ACTIONS_ID_TOKEN_REQUEST_URL"],
  oidcRequestToken: ["ARM_OIDC_REQUEST_TOKEN", "ACTIONS_ID_TOKEN_REQUEST_TOKEN"],
  useMsi: ["ARM_USE_MSI"],
  useDefaultAzureCredential: ["ARM_USE_DEFAULT_AZURE_CREDENTIAL"],
} as const;

type Setting = keyof typeof variables;

/** What the stack's configuration says of the sign-in; empty until Pulumi configures a provider, as in its text. */
export type SignIn = { [name in Setting]?: string };

/** Reads the settings out of a stack's configuration; `get` takes a full key (`azure-native:tenantId`). */
export function readSignIn(get: (key: string) => string | undefined): SignIn {
  const signIn: SignIn = {};
  for (const name of Object.keys(variables) as Setting[]) {
    const value = get(`azure-native:${name}`);
    if (value) signIn[name] = value;
  }
  return signIn;
}

/** A dynamic provider's `configure`, which keeps there what the stack's configuration says of the sign-in. */
export function keepingIn(signIn: SignIn): NonNullable<pulumi.dynamic.ResourceProvider["configure"]> {
  return async ({ config }) => {
    Object.assign(
      signIn,
      readSignIn((key) => config.get(key)),
    );
  };
}

/** The way to sign in that azure-native takes with the same settings. */
export type Method =
  | { readonly kind: "secret"; readonly tenantId: string; readonly clientId: string; readonly clientSecret: string }
  | { readonly kind: "federated"; readonly tenantId: string; readonly clientId: string }
  | {
      readonly kind: "certificate";
      readonly tenantId: string;
      readonly clientId: string;
      readonly certificatePath: string;
      readonly certificatePassword: string | undefined;
    }
  | { readonly kind: "managedIdentity"; readonly clientId: string | undefined }
  /** Where azure-native goes by the default chain, or by the Azure CLI, which is a link of that chain. */
  | { readonly kind: "default"; readonly tenantId: string | undefined };

/** Chooses in azure-native's own order; throws when the chosen way lacks the client or the tenant. */
export function methodOf(signIn: SignIn): Method {
  const tenantId = settingOf(signIn, "tenantId");
  const clientId = settingOf(signIn, "clientId");
  const clientSecret = settingOf(signIn, "clientSecret");
  const certificatePath = settingOf(signIn, "clientCertificatePath");
  if (isOn(signIn, "useDefaultAzureCredential")) return { kind: "default", tenantId };
  const federated = isOn(signIn, "useOidc");
  if (!certificatePath && !clientSecret && !federated) {
    if (isOn(signIn, "useMsi")) return { kind: "managedIdentity", clientId };
    return { kind: "default", tenantId };
  }
  if (!tenantId || !clientId) {
    const missing = tenantId ? "client id" : "tenant id";
    const [key, variable] = tenantId ? ["clientId", "ARM_CLIENT_ID"] : ["tenantId", "ARM_TENANT_ID"];
    throw new Error(`the sign-in has no ${missing}: set azure-native:${key} or ${variable}`);
  }
  if (certificatePath) {
    const certificatePassword = settingOf(signIn, "clientCertificatePassword");
    return { kind: "certificate", tenantId, clientId, certificatePath, certificatePassword };
  }
  if (clientSecret) return { kind: "secret", tenantId, clientId, clientSecret };
  return { kind: "federated", tenantId, clientId };
}

/** The token of the CI service for the application: given, in a file, or to be asked for. */
export async function federatedToken(http: Http, signIn: SignIn): Promise<string> {
  const given = settingOf(signIn, "oidcToken");
  if (given) return given;
  const file = settingOf(signIn, "oidcTokenFilePath");
  if (file) return fs.readFileSync(file, "utf8").trim();
  const address = settingOf(signIn, "oidcRequestUrl");
  const key = settingOf(signIn, "oidcRequestToken");
  if (!address || !key) {
    throw new Error("azure-native:useOidc or ARM_USE_OIDC is set, but no token and no address to ask for one");
  }
  const url = new URL(address);
  if (!url.searchParams.has("audience")) url.searchParams.set("audience", "api://AzureADTokenExchange");
  const answer = await http.send({ method: "GET", url: url.href, headers: { authorization: `Bearer ${key}` } });
  const value = (answer.json as { value?: unknown } | undefined)?.value;
  if (answer.status === 200 && typeof value === "string") return value;
  throw refusal(`asking ${url.host} for the federated token`, answer);
}

function settingOf(signIn: SignIn, name: Setting): string | undefined {
  const [variable, ...others] = variables[name];
  return signIn[name] || [variable, ...others].map((key) => process.env[key]).find((value) => value);
}

function isOn(signIn: SignIn, name: Setting): boolean {
  return ["true", "1"].includes((settingOf(signIn, name) ?? "").toLowerCase());
}
