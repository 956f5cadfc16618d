import { once } from "node:events";
import type { AddressInfo } from "node:net";
import tls from "node:tls";
import { expect, it, onTestFinished } from "vitest";
import { testAuthority } from "../helpers/fixtures.js";

/** Does a TLS client that trusts the authority, and nothing else, accept its certificate for this name? */
async function handshake(name: string): Promise<string> {
  const authority = await testAuthority();
  const server = tls.createServer(await authority.leaf(name), (socket) => socket.end());
  server.on("tlsClientError", () => {});
  server.listen(0, "127.0.0.1");
  onTestFinished(() => void server.close());
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const client = tls.connect({ host: "127.0.0.1", port, servername: name, ca: authority.certificatePem });
  onTestFinished(() => void client.destroy());
  return new Promise((resolve) => {
    client.once("secureConnect", () => resolve("accepted"));
    client.once("error", (error) => resolve(error.message));
  });
}

it.each([
  "login.microsoftonline.com",
  "management.azure.com",
  "kv1.vault.azure.net",
  "syn1.dev.azuresynapse.net",
  "scoring.centralus.inference.ml.azure.com",
  "centralus.api.azureml.ms",
  "centralus.experiments.azureml.net",
  "account1.blob.core.windows.net",
  "ussouthcentral.services.azureml.net",
  "management.azureml.net",
  "graph.microsoft.com",
])("a client accepts the certificate of %s", async (name) => {
  expect(await handshake(name)).toBe("accepted");
});

it.each(["example.com", "evilvault.azure.net", "portal.azure.com", "registry.npmjs.org"])(
  "a client refuses a certificate for %s even though the authority signed it",
  async (name) => {
    expect(await handshake(name)).toContain("permitted subtree violation");
  },
);
