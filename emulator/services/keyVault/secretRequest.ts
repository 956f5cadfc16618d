import { z } from "zod";
import { badParameter } from "./errors.js";
import type { SecretAttributes } from "./secretStore.js";

const maxValueBytes = 25_600;
const maxTags = 15;

const attributes = z
  .object({ enabled: z.boolean().nullish(), nbf: z.int().nullish(), exp: z.int().nullish() })
  .nullish();
const changes = z.object({
  contentType: z.string().max(255).nullish(),
  tags: z
    .record(z.string().max(256), z.string().max(256))
    .refine((tags) => Object.keys(tags).length <= maxTags, `at most ${maxTags} tags`)
    .nullish(),
  attributes,
});
const value = z.string().refine((text) => Buffer.byteLength(text) <= maxValueBytes, `at most ${maxValueBytes} bytes`);

export type SecretChanges = z.infer<typeof changes>;

/** The body of a new version; 400 BadParameter names what is wrong and never repeats the value. */
export function readNewSecret(body: unknown): SecretChanges & { readonly value: string } {
  return read(changes.extend({ value }), body);
}

/** The body of a PATCH, which has no value. */
export function readSecretChanges(body: unknown): SecretChanges {
  return read(changes, body ?? {});
}

function read<T>(schema: z.ZodType<T>, body: unknown): T {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw badParameter(`Property ${issue?.path.join(".") || "body"} has invalid value: ${issue?.message}.`);
}

const fresh: SecretAttributes = { enabled: true, notBefore: null, expires: null, contentType: null, tags: {} };

/** The attributes after a request: what it leaves out stays as it was, or is as in a new secret. */
export function changedAttributes(sent: SecretChanges, before: SecretAttributes = fresh): SecretAttributes {
  return {
    enabled: sent.attributes?.enabled ?? before.enabled,
    notBefore: sent.attributes?.nbf ?? before.notBefore,
    expires: sent.attributes?.exp ?? before.expires,
    contentType: sent.contentType ?? before.contentType,
    tags: sent.tags ?? before.tags,
  };
}

/** Letters, digits and hyphens, at most 127. */
export function requireSecretName(name: string): void {
  if (!/^[0-9a-zA-Z-]{1,127}$/.test(name)) {
    throw badParameter(`The request URI contains an invalid name: ${name}`);
  }
}
