import { AzureError, codeOf, type Refusal } from "../../platform/errors.js";
import { subscription } from "../../platform/subscription.js";

/** A refusal of the vault's host; `inner` is the code of its innererror. */
export function vaultError(status: number, code: string, message: string, inner?: string): AzureError {
  return new AzureError(status, code, message, inner === undefined ? {} : { extra: { innererror: { code: inner } } });
}

/** 401 with the challenge that tells a client where to sign in and for which resource. */
export function challenge(message: string): AzureError {
  const authorization = `https://login.microsoftonline.com/${subscription.tenantId}`;
  return new AzureError(401, "Unauthorized", message, {
    headers: { "www-authenticate": `Bearer authorization="${authorization}", resource="https://vault.azure.net"` },
  });
}

export const secretNotFound = (name: string) =>
  vaultError(
    404,
    "SecretNotFound",
    `A secret with (name/id) ${name} was not found in this key vault. If you recently deleted this secret you may be able to recover it using the correct recovery command. For help resolving this issue, please see https://go.microsoft.com/fwlink/?linkid=2125182`,
  );

export const deletedSecretNotFound = (name: string) =>
  vaultError(404, "SecretNotFound", `Deleted Secret not found: ${name}`);

export const nameIsDeleted = (name: string) =>
  vaultError(
    409,
    "Conflict",
    `Secret ${name} is currently in a deleted but recoverable state, and its name cannot be reused; in this state, the secret can only be recovered or purged.`,
    "ObjectIsDeletedButRecoverable",
  );

/** What the HTTP layer refuses, in the vault's codes. */
export const httpRefusal: Refusal = (status, message) =>
  vaultError(status, status === 400 ? "BadParameter" : status < 500 ? codeOf(status) : "InternalError", message);

export const badParameter = (message: string) => vaultError(400, "BadParameter", message);
