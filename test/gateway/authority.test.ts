import { X509Certificate } from "node:crypto";
import { X509Certificate as ParsedCertificate } from "@peculiar/x509";
import { beforeAll, describe, expect, it } from "vitest";
import { type Authority, createAuthority, loadAuthority } from "../../emulator/gateway/authority.js";

const now = new Date("2026-03-01T12:00:00Z");
const nameConstraints = "2.5.29.30";
let authority: Authority;

beforeAll(async () => {
  authority = await createAuthority({ now });
});

describe("the private authority", () => {
  it("ends 30 days after it was made", () => {
    expect(authority.notAfter).toEqual(new Date("2026-03-31T12:00:00Z"));
  });

  it("signs certificates for servers only, no further authority", () => {
    const certificate = new ParsedCertificate(authority.certificatePem);
    expect(new X509Certificate(authority.certificatePem).ca).toBe(true);
    expect(certificate.getExtension("2.5.29.19")).toMatchObject({ critical: true, pathLength: 0 });
  });

  it("is bound by name constraints that a client may not ignore", () => {
    const extension = new ParsedCertificate(authority.certificatePem).getExtension(nameConstraints);
    expect(extension?.critical).toBe(true);
    const permitted = Buffer.from(extension?.value ?? new ArrayBuffer(0)).toString("latin1");
    for (const name of ["login.microsoftonline.com", "vault.azure.net", "services.azureml.net"]) {
      expect(permitted).toContain(name);
    }
  });

  it("may vouch for no IP address", () => {
    const extension = new ParsedCertificate(authority.certificatePem).getExtension(nameConstraints);
    const bytes = Buffer.from(extension?.value ?? new ArrayBuffer(0));
    for (const length of [8, 32]) {
      expect(bytes.includes(Buffer.from([0x87, length, ...new Array<number>(length).fill(0)]))).toBe(true);
    }
  });

  it("is the same authority after it was saved and loaded", async () => {
    const loaded = await loadAuthority(authority);
    const leaf = new X509Certificate((await loaded.leaf("management.azure.com")).cert);
    expect(leaf.checkIssued(new X509Certificate(authority.certificatePem))).toBe(true);
    expect(leaf.verify(new X509Certificate(authority.certificatePem).publicKey)).toBe(true);
    expect(loaded.notAfter).toEqual(authority.notAfter);
  });

  it("shares no key with another authority", async () => {
    const other = await createAuthority({ now });
    expect(other.privateKeyPem).not.toBe(authority.privateKeyPem);
    const leaf = new X509Certificate((await other.leaf("management.azure.com")).cert);
    expect(leaf.verify(new X509Certificate(authority.certificatePem).publicKey)).toBe(false);
  });
});

describe("a host's certificate", () => {
  it("is for exactly that host", async () => {
    const leaf = new X509Certificate((await authority.leaf("kv1.vault.azure.net")).cert);
    expect(leaf.subjectAltName).toBe("DNS:kv1.vault.azure.net");
    expect(leaf.checkHost("kv2.vault.azure.net")).toBeUndefined();
    expect(leaf.ca).toBe(false);
  });

  it("is made once for a host, in whatever case it is asked for", async () => {
    const leaf = await authority.leaf("kv1.vault.azure.net");
    expect(await authority.leaf("KV1.vault.azure.net")).toBe(leaf);
  });

  it("may have a name longer than a common name's 64 characters", async () => {
    const host = `${"e".repeat(32)}.southcentralus.inference.ml.azure.com`;
    expect(new X509Certificate((await authority.leaf(host)).cert).checkHost(host)).toBe(host);
  });
});
