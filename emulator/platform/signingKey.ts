import { createPrivateKey, createPublicKey, generateKeyPair, type KeyObject } from "node:crypto";
import { promisify } from "node:util";
import { calculateJwkThumbprint, exportJWK, type JWK } from "jose";
import type { Store } from "./store.js";

/** The key pair that the tenant's tokens are signed with. */
export interface SigningKey {
  readonly id: string;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
  /** As the JWKS document lists it. */
  readonly jwk: JWK;
}

const modulusBits = 2048;

/** The signing key of this database, made on the first call and kept sealed; or the given one (PKCS #8, PEM), not kept. */
export async function openSigningKey(store: Store, givenPem: string | undefined): Promise<SigningKey> {
  const privateKey = createPrivateKey(givenPem ?? (await keptPem(store)));
  const publicKey = createPublicKey(privateKey);
  const publicJwk = await exportJWK(publicKey);
  const id = await calculateJwkThumbprint(publicJwk);
  return { id, privateKey, publicKey, jwk: { ...publicJwk, kid: id, use: "sig", alg: "RS256" } };
}

async function keptPem(store: Store): Promise<string> {
  store.migrate("tokens", ["CREATE TABLE signing_key (only_one INTEGER PRIMARY KEY, sealed_pem TEXT NOT NULL)"]);
  const row = store.get("SELECT sealed_pem FROM signing_key");
  if (row) return store.unseal(String(row["sealed_pem"]));
  const pem = await newSigningKeyPem();
  store.run("INSERT INTO signing_key VALUES (1, ?)", store.seal(pem));
  return pem;
}

/** A new RSA key (PKCS #8, PEM); takes up to a second, off the event loop. */
export async function newSigningKeyPem(): Promise<string> {
  const { privateKey } = await promisify(generateKeyPair)("rsa", {
    modulusLength: modulusBits,
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
  });
  return privateKey;
}
