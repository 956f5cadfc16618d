import { createPrivateKey, webcrypto } from "node:crypto";
import * as x509 from "@peculiar/x509";
import { hostNames, hostSuffixes } from "../../contract/hosts.js";
import { nameConstraints } from "./nameConstraints.js";

/** A private certificate authority that can only vouch for the host names that the emulator serves. */
export interface Authority {
  /** What clients must trust; public. */
  readonly certificatePem: string;
  /** PKCS #8; whoever has it can pose as the emulated hosts to those who trust the certificate. */
  readonly privateKeyPem: string;
  readonly notAfter: Date;
  /** A server certificate for exactly this host (PEM); the same on every call for one host. */
  leaf(host: string): Promise<{ readonly key: string; readonly cert: string }>;
}

const dayMs = 24 * 60 * 60 * 1000;
const lifeMs = 30 * dayMs;
/** Clients whose clock is a little behind must accept a new certificate. */
const backdatedMs = dayMs;

const keyAlgorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;

/** The names, with everything below them, that the authority may vouch for: nobody else's certificate can be forged with it. */
const permittedNames: readonly string[] = [
  ...Object.values(hostNames),
  ...Object.values(hostSuffixes).map((suffix) => suffix.slice(1)),
];

/** Makes a new authority (ECDSA P-256) that is valid for 30 days from `now`. */
export async function createAuthority(options: { readonly now: Date }): Promise<Authority> {
  const keys = await webcrypto.subtle.generateKey(keyAlgorithm, true, ["sign", "verify"]);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name: "O=synapse-batch, CN=synapse-batch private authority",
    keys,
    signingAlgorithm: keyAlgorithm,
    serialNumber: serialNumber(),
    notBefore: new Date(options.now.getTime() - backdatedMs),
    notAfter: new Date(options.now.getTime() + lifeMs),
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
      nameConstraints(permittedNames),
    ],
  });
  return loadAuthority({ certificatePem: certificate.toString("pem"), privateKeyPem: await pemOf(keys.privateKey) });
}

/** The authority whose certificate and PKCS #8 key were saved; throws on a text that is neither. */
export async function loadAuthority(pem: {
  readonly certificatePem: string;
  readonly privateKeyPem: string;
}): Promise<Authority> {
  const certificate = new x509.X509Certificate(pem.certificatePem);
  const signingKey = await webcrypto.subtle.importKey(
    "pkcs8",
    createPrivateKey(pem.privateKeyPem).export({ type: "pkcs8", format: "der" }),
    keyAlgorithm,
    false,
    ["sign"],
  );
  // one key for all hosts: making one takes longer than signing a certificate
  const leafKeys = await webcrypto.subtle.generateKey(keyAlgorithm, true, ["sign", "verify"]);
  const key = await pemOf(leafKeys.privateKey);
  const sign = async (host: string) => {
    const leaf = await x509.X509CertificateGenerator.create({
      // not the host: a common name ends at 64 characters, and clients read the alternative name alone
      subject: "O=synapse-batch",
      issuer: certificate.subject,
      publicKey: leafKeys.publicKey,
      signingKey,
      signingAlgorithm: keyAlgorithm,
      serialNumber: serialNumber(),
      notBefore: certificate.notBefore,
      notAfter: certificate.notAfter,
      extensions: [
        new x509.BasicConstraintsExtension(false, undefined, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
        new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
        new x509.SubjectAlternativeNameExtension([{ type: "dns", value: host }]),
        await x509.AuthorityKeyIdentifierExtension.create(certificate),
      ],
    });
    return { key, cert: leaf.toString("pem") };
  };
  const leaves = new Map<string, Promise<{ key: string; cert: string }>>();
  return {
    ...pem,
    notAfter: certificate.notAfter,
    leaf(host) {
      const name = host.toLowerCase();
      const found = leaves.get(name) ?? sign(name);
      leaves.set(name, found);
      return found;
    },
  };
}

async function pemOf(key: webcrypto.CryptoKey): Promise<string> {
  return x509.PemConverter.encode(await webcrypto.subtle.exportKey("pkcs8", key), "PRIVATE KEY");
}

/** 127 random bits: positive whatever the first byte is. */
function serialNumber(): string {
  const bytes = webcrypto.getRandomValues(Buffer.alloc(16));
  bytes[0] = (Number(bytes[0]) & 0x7f) | 0x01;
  return bytes.toString("hex");
}
