import { once } from "node:events";
import http from "node:http";
import type { AddressInfo } from "node:net";
import { ClientSecretCredential } from "@azure/identity";
import { ArtifactsClient } from "@azure/synapse-artifacts";
import type { Clock } from "../../../contract/clock.js";
import type { HttpPort } from "../../../emulator/engine/ports.js";
import { startGateway } from "../../../emulator/gateway/gateway.js";
import { createOutbound } from "../../../emulator/platform/outbound.js";
import type { Service } from "../../../emulator/platform/service.js";
import type { Store } from "../../../emulator/platform/store.js";
import { type PrincipalName, subscription } from "../../../emulator/platform/subscription.js";
import { createEntra } from "../../../emulator/services/entra/index.js";
import { testAuthority } from "../../helpers/fixtures.js";
import { TestSynapse } from "./testSynapse.js";

/** The Synapse service behind a real gateway, with a sign-in service beside it. */
export interface SynapseGateway {
  readonly test: TestSynapse;
  readonly proxyUrl: string;
  /** Requests through the gateway, as from any process that has joined it. */
  readonly outbound: HttpPort;
  clientAs(name: PrincipalName): ArtifactsClient;
  /** As the emulator ends: the store stays open for one that comes after. */
  close(): Promise<void>;
}

/** On a store of its own, or on that of one before. */
export async function startSynapseGateway(options: { clock?: Clock; store?: Store } = {}): Promise<SynapseGateway> {
  const authority = await testAuthority();
  const services: Service[] = [];
  const gateway = await startGateway({
    services,
    authority,
    port: 0,
    offline: false,
    upstreamProxy: undefined,
    serviceSecret: "test",
    control: (_request, response) => void response.writeHead(404).end(),
    log: () => undefined,
  });
  const outbound = createOutbound({
    proxyUrl: gateway.proxyUrl,
    certificatePem: authority.certificatePem,
    serviceSecret: "test",
  });
  const test = await TestSynapse.start({ ...options, outbound });
  services.push(createEntra(test.platform), test.synapse, test.synapse.callbacks);
  return {
    test,
    proxyUrl: gateway.proxyUrl,
    outbound,
    clientAs(name) {
      const proxyOptions = { host: "http://127.0.0.1", port: gateway.port };
      const { appId } = test.principal(name);
      const secret = String(test.platform.directory.secretOf(appId));
      const credential = new ClientSecretCredential(subscription.tenantId, appId, secret, { proxyOptions });
      return new ArtifactsClient(credential, "https://ws1.dev.azuresynapse.net", { proxyOptions });
    },
    async close() {
      await test.synapse.close();
      await gateway.close();
      await test.synapse.callbacks.close();
      await outbound.close();
    },
  };
}

export interface Asked {
  readonly method: string;
  readonly url: string;
  readonly body: string;
}

/** A web site of somebody else's that keeps what it was asked; `/slow` is never answered. */
export async function startSite(): Promise<{
  readonly url: string;
  readonly asked: Asked[];
  /** Resolves with the first request whose path is this one. */
  request(path: string): Promise<Asked>;
  close(): Promise<void>;
}> {
  const asked: Asked[] = [];
  const server = http.createServer(async (request, response) => {
    const chunks = await request.toArray();
    const [method, url] = [String(request.method), String(request.url)];
    asked.push({ method, url, body: Buffer.concat(chunks).toString() });
    server.emit("asked");
    if (url === "/slow") return;
    response.writeHead(200, { "Content-Type": "application/json" }).end(JSON.stringify({ token: "abc", method }));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    async request(path) {
      for (;;) {
        const found = asked.find(({ url }) => url === path);
        if (found) return found;
        await once(server, "asked");
      }
    },
    async close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
