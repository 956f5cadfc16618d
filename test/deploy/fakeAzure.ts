import { webcrypto } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import type { AddressInfo, Socket } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import * as x509 from "@peculiar/x509";

type Body = Record<string, unknown>;
type Send = (status: number, body?: unknown, headers?: Record<string, string>) => undefined;

/** Just enough of Azure to deploy into, behind a CONNECT proxy with a certificate of its own; it judges nothing. */
export interface FakeAzure {
  readonly environment: Readonly<Record<string, string>>;
  /** `PUT https://host/path` in the order of their arrival, without queries. */
  readonly requests: string[];
  /** What the next requests whose line contains every word of the key are answered with, once each. */
  readonly refusals: Map<string, { status: number; code: string; message: string }>;
  readonly resources: Map<string, Body>;
  /** The states that a resource provider answers with, one a request; `Registered` when there are none left. */
  readonly registrationStates: Map<string, string[]>;
  readonly blobs: Map<string, string>;
  close(): Promise<void>;
}

export const deployerObjectId = "99999999-0000-0000-0000-000000000001";

export async function startFakeAzure(): Promise<FakeAzure> {
  const folder = mkdtempSync(path.join(tmpdir(), "fake-azure-"));
  const requests: string[] = [];
  const refusals: FakeAzure["refusals"] = new Map();
  const resources = new Map<string, Body>();
  const registrationStates: FakeAzure["registrationStates"] = new Map();
  const blobs = new Map<string, string>();
  const { certificate, key } = await newCertificate();
  const authority = path.join(folder, "authority.pem");
  writeFileSync(authority, certificate);

  const sockets = new Set<Socket>();
  const azure = createHttpsServer({ cert: certificate, key }, (request, response) => {
    void answer(request, response);
  });
  const proxy = createHttpServer();
  proxy.on("connect", (_request, socket) => {
    sockets.add(socket as Socket);
    socket.write("HTTP/1.1 200 Connection Established\r\n\r\n");
    azure.emit("connection", socket);
  });
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<undefined> {
    const text = await bodyOf(request);
    const url = new URL(`https://${request.headers.host}${request.url}`);
    const line = `${request.method} ${url.origin}${decodeURIComponent(url.pathname)}`;
    requests.push(line);
    const send: Send = (status, body, headers = {}) => {
      response.writeHead(status, { "content-type": "application/json", ...headers });
      response.end(body === undefined ? "" : JSON.stringify(body));
    };
    const refusal = [...refusals].find(([parts]) => parts.split(" ").every((part) => line.includes(part)));
    if (refusal) {
      const [part, { status, code, message }] = refusal;
      refusals.delete(part);
      return send(status, { error: { code, message } });
    }
    if (url.host === "login.microsoftonline.com") return send(200, { access_token: token(text) });
    if (url.host.endsWith(".blob.core.windows.net")) {
      if (request.method === "PUT") blobs.set(url.pathname, text);
      return send({ PUT: 201, HEAD: 200 }[request.method ?? ""] ?? 202);
    }
    if (/operations\/\d+$/.test(url.pathname)) return send(200, { status: "Succeeded" });
    return respond(request.method ?? "", url, text === "" ? {} : (JSON.parse(text) as Body), send);
  }

  function respond(method: string, url: URL, body: Body, send: Send): undefined {
    const id = decodeURIComponent(url.pathname);
    const location = `${url.origin}/operations/${requests.length}`;
    const [, namespace] = /^\/subscriptions\/[^/]+\/providers\/([^/]+)(\/register)?$/.exec(id) ?? [];
    if (namespace) {
      return send(200, { registrationState: registrationStates.get(namespace)?.shift() ?? "Registered" });
    }
    if (method === "POST")
      return send(200, { keys: [{ keyName: "key1", value: Buffer.from("key").toString("base64") }] });
    if (method === "GET") {
      const found = resources.get(url.host + id);
      return found ? send(200, found) : send(404, { error: { code: "ResourceNotFound", message: `no ${id}` } });
    }
    if (method === "DELETE") {
      for (const key of resources.keys()) if (key.startsWith(url.host + id)) resources.delete(key);
      return send(202, undefined, { location });
    }
    const made = filledIn(id, body);
    resources.set(url.host + id, made);
    if (/Microsoft.MachineLearningServices\/workspaces\/[^/]+$/.test(id)) {
      const datastore = `${id}/datastores/workspaceblobstore`;
      resources.set(url.host + datastore, {
        id: datastore,
        properties: { datastoreType: "AzureBlob", containerName: "azureml-blobstore-1" },
      });
    }
    if (url.host.endsWith(".dev.azuresynapse.net")) return send(202, { state: "Creating" }, { location });
    if (/vaults\/[^/]+$/.test(id)) return send(201, { ...made, properties: { provisioningState: "RegisteringDns" } });
    if (/storageAccounts\/[^/]+$/.test(id)) return send(202, undefined, { location });
    if (/workspaces\/[^/]+$/.test(id)) return send(201, made, { "azure-asyncoperation": location });
    return send(201, made);
  }

  const { port } = proxy.address() as AddressInfo;
  return {
    environment: environmentOf(`http://127.0.0.1:${port}`, authority),
    requests,
    refusals,
    resources,
    registrationStates,
    blobs,
    async close() {
      for (const socket of sockets) socket.destroy();
      await Promise.all([proxy, azure].map((server) => new Promise((resolve) => server.close(resolve))));
      rmSync(folder, { recursive: true });
    },
  };
}

function environmentOf(proxyUrl: string, authority: string): Record<string, string> {
  const signIn = (prefix: string) => ({
    [`${prefix}_TENANT_ID`]: "99999999-0000-0000-0000-000000000002",
    [`${prefix}_SUBSCRIPTION_ID`]: "99999999-0000-0000-0000-000000000003",
    [`${prefix}_CLIENT_ID`]: "deployer",
    [`${prefix}_CLIENT_SECRET`]: "deployer's secret",
  });
  return {
    HTTPS_PROXY: proxyUrl,
    NO_PROXY: "localhost,127.0.0.1",
    NODE_EXTRA_CA_CERTS: authority,
    ...signIn("AZURE"),
    ...signIn("ARM"),
  };
}

function token(form: string): string {
  const appid = new URLSearchParams(form).get("client_id") ?? "";
  const oid = appid === "deployer" ? deployerObjectId : "99999999-0000-0000-0000-000000000004";
  const claims = { appid, oid, tid: "99999999-0000-0000-0000-000000000002" };
  return `e30.${Buffer.from(JSON.stringify(claims)).toString("base64url")}.signature`;
}

function filledIn(id: string, body: Body): Body {
  const name = id.split("/").at(-1) ?? "";
  const properties = { ...(body["properties"] as Body | undefined) };
  if (id.includes("/storageAccounts/"))
    properties["primaryEndpoints"] = { dfs: `https://${name}.dfs.core.windows.net/` };
  if (id.includes("/batchEndpoints/")) {
    properties["scoringUri"] = `https://${name}.centralus.inference.ml.azure.com/jobs`;
  }
  const [, vault] = /\/vaults\/([^/]+)\/secrets\//.exec(id) ?? [];
  if (vault) properties["secretUriWithVersion"] = `https://${vault}.vault.azure.net/secrets/${name}/0123456789abcdef`;
  delete properties["value"];
  const identity = body["identity"] ? { type: "SystemAssigned", principalId: `identity-of-${name}` } : undefined;
  return { ...body, id, name, properties, ...(identity ? { identity } : {}) };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}

async function newCertificate(): Promise<{ certificate: string; key: string }> {
  x509.cryptoProvider.set(webcrypto);
  const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const hosts = [
    "login.microsoftonline.com",
    "management.azure.com",
    "*.dev.azuresynapse.net",
    "*.blob.core.windows.net",
  ];
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name: "CN=fake Azure",
    keys,
    signingAlgorithm: algorithm,
    extensions: [
      new x509.BasicConstraintsExtension(true),
      new x509.SubjectAlternativeNameExtension(hosts.map((value) => ({ type: "dns", value }))),
    ],
  });
  const pkcs8 = Buffer.from(await webcrypto.subtle.exportKey("pkcs8", keys.privateKey)).toString("base64");
  return {
    certificate: certificate.toString("pem"),
    key: `-----BEGIN PRIVATE KEY-----\n${pkcs8}\n-----END PRIVATE KEY-----\n`,
  };
}
