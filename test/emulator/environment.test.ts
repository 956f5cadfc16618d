import { describe, expect, it } from "vitest";
import { randomIds } from "../../contract/ids.js";
import { foreignNames, joined, joinedOnce, joiningEnvironment, upstreamProxyOf } from "../../emulator/environment.js";
import { openDirectory } from "../../emulator/platform/directory.js";
import { openStore } from "../../emulator/platform/store.js";
import { principals } from "../../emulator/platform/subscription.js";

const directory = openDirectory(openStore(undefined, Buffer.alloc(32)), randomIds);
const joining = joiningEnvironment({
  proxyUrl: "http://127.0.0.1:4000",
  files: { authority: "/state/authority.pem", bundle: "/state/certificates.pem", folder: "/state" },
  principal: "trigger",
  directory,
  retraining: { BES_ENDPOINT: "https://ussouthcentral.services.azureml.net/workspaces/w/services/s" },
});

describe("joining environment", () => {
  it("carries the proxy, the trust and the principal's own sign-in", () => {
    expect(joining).toMatchObject({
      HTTPS_PROXY: "http://127.0.0.1:4000",
      NO_PROXY: "localhost,127.0.0.1",
      NODE_EXTRA_CA_CERTS: "/state/authority.pem",
      REQUESTS_CA_BUNDLE: "/state/certificates.pem",
      SSL_CERT_FILE: "/state/certificates.pem",
      AZURE_CLIENT_ID: principals.trigger.appId,
      ARM_CLIENT_ID: principals.trigger.appId,
      AZURE_CLIENT_SECRET: directory.secretOf(principals.trigger.appId),
      STACK_OUTPUTS: "/state/outputs.json",
      BES_ENDPOINT: "https://ussouthcentral.services.azureml.net/workspaces/w/services/s",
    });
  });

  it("tells a command that joins for its own life how to join again", () => {
    expect(joinedOnce({}, joining)).toEqual({ ...joining, SYNAPSE_BATCH_PREFIX: "npm run emulator -- exec" });
  });

  it("passes the proxy of the user's own network on, but not the emulator itself as its own", () => {
    expect(upstreamProxyOf({ HTTPS_PROXY: "http://proxy.corp:8080" })?.host).toBe("proxy.corp:8080");
    expect(upstreamProxyOf(joining)).toBeUndefined();
    expect(upstreamProxyOf({})).toBeUndefined();
  });

  it("lets nothing of the user's own Azure in", () => {
    const base = {
      PATH: "/bin",
      AZURE_FEDERATED_TOKEN_FILE: "x",
      ARM_USE_MSI: "true",
      IDENTITY_ENDPOINT: "y",
      MSI_SECRET: "z",
    };
    expect(joined(base, joining)).toEqual({ PATH: "/bin", ...joining });
    expect(foreignNames(base, joining)).toEqual([
      "AZURE_FEDERATED_TOKEN_FILE",
      "ARM_USE_MSI",
      "IDENTITY_ENDPOINT",
      "MSI_SECRET",
    ]);
  });
});
