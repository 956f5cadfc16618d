import https from "node:https";
import type { AddressInfo } from "node:net";
import { createSecureContext } from "node:tls";
import { createAuthority } from "../emulator/gateway/authority.js";

/** The least that an HTTPS answer costs in Node: a fixed JSON of a secret's size, keep-alive. Tells port and authority on stdout. */
const host = "floor.vault.azure.net";
const authority = await createAuthority({ now: new Date() });
const { key, cert } = await authority.leaf(host);
const body = JSON.stringify({ value: "x".repeat(300) });
const server = https.createServer({
  key,
  cert,
  SNICallback: (_name, done) => done(null, createSecureContext({ key, cert })),
});
server.on("request", (_request, response) => {
  response.writeHead(200, { "content-type": "application/json", "content-length": body.length });
  response.end(body);
});
server.listen(0, "127.0.0.1", () => {
  const { port } = server.address() as AddressInfo;
  process.stdout.write(`${JSON.stringify({ port, host, certificatePem: authority.certificatePem })}\n`);
});
