import { createPrivateKey, generateKeyPairSync } from "node:crypto";
import { decodeJwt, decodeProtectedHeader, type JWTPayload, SignJWT, UnsecuredJWT } from "jose";
import { principals } from "../../emulator/platform/subscription.js";
import { testSigningKeyPem } from "../helpers/fixtures.js";

export const foreignTenant = "11111111-2222-3333-4444-555555555555";
export const wrongAudience = "https://wrong.example";
const hourMs = 60 * 60 * 1000;
const foreignKey = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey;

const seconds = (fromNowMs: number) => Math.floor((Date.now() + fromNowMs) / 1000);

/** Signs the claims of a good token, changed, with a key: the tenant's own unless another one is given. */
async function signed(token: string, changed: JWTPayload, key = createPrivateKey(testSigningKeyPem())) {
  const { kid } = decodeProtectedHeader(token);
  const header = { typ: "JWT", alg: "RS256", ...(kid !== undefined && { kid }) };
  return new SignJWT({ ...decodeJwt(token), ...changed }).setProtectedHeader(header).sign(key);
}

/** What can be wrong with a token: made of a good one of the same plane. */
export const defects = {
  "wrong audience": (token) => signed(token, { aud: wrongAudience }),
  expired: (token) => signed(token, { nbf: seconds(-2 * hourMs), exp: seconds(-hourMs) }),
  "not yet valid": (token) => signed(token, { nbf: seconds(hourMs), exp: seconds(2 * hourMs) }),
  "foreign tenant": (token) =>
    signed(token, { iss: `https://sts.windows.net/${foreignTenant}/`, tid: foreignTenant }, foreignKey),
  unsigned: async (token) => new UnsecuredJWT(decodeJwt(token)).encode(),
  "foreign key": (token) => signed(token, {}, foreignKey),
  "altered payload": async (token) => {
    const [header, , signature] = token.split(".");
    const claims = { ...decodeJwt(token), oid: principals.operator.objectId };
    return [header, Buffer.from(JSON.stringify(claims)).toString("base64url"), signature].join(".");
  },
  "altered signature": async (token) => {
    const [header, payload, signature = ""] = token.split(".");
    return [header, payload, Buffer.from(signature, "base64url").reverse().toString("base64url")].join(".");
  },
  "no token at all": async () => "nonsense",
} satisfies Record<string, (token: string) => Promise<string>>;

export type Defect = keyof typeof defects;
