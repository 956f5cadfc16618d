import { MockAgent } from "undici";
import { describe, expect, it } from "vitest";
import { virtualClock } from "../../contract/virtualClock.js";
import { openArmClient } from "../../emulator/deploy/armClient.js";

const environment = {
  AZURE_SUBSCRIPTION_ID: "s",
  AZURE_TENANT_ID: "t",
  AZURE_CLIENT_ID: "c",
  AZURE_CLIENT_SECRET: "secret",
};

function open(answer: (method: string, url: string) => { statusCode: number; data: unknown; headers?: object }) {
  const agent = new MockAgent();
  agent.disableNetConnect();
  agent
    .get("https://login.microsoftonline.com")
    .intercept({ path: () => true, method: "POST" })
    .reply(200, { access_token: "e30.e30.x" });
  for (const method of ["GET", "PUT"]) {
    agent
      .get("https://management.azure.com")
      .intercept({ path: () => true, method })
      .reply(({ path }) => {
        const { statusCode, data, headers } = answer(method, path);
        return { statusCode, data: JSON.stringify(data), responseOptions: { headers: { ...headers } } };
      })
      .persist();
  }
  const clock = virtualClock();
  return { clock, client: openArmClient(environment, agent, clock) };
}

describe("a write to Resource Manager", () => {
  it("that never ends fails after half an hour", async () => {
    const { client } = open((method) =>
      method === "PUT"
        ? { statusCode: 202, data: {}, headers: { "azure-asyncoperation": "https://management.azure.com/operation" } }
        : { statusCode: 200, data: { status: "InProgress" } },
    );
    await expect(client.put("/r", "1", {})).rejects.toThrow("operation is not finished after 30 minutes");
  });

  it("whose resource never becomes ready fails after half an hour", async () => {
    const { client } = open(() => ({
      statusCode: 200,
      data: { id: "/r", properties: { provisioningState: "Creating" } },
    }));
    await expect(client.put("/r", "1", {})).rejects.toThrow("/r is not finished after 30 minutes");
  });

  it("is repeated when the service asks for patience, after the time it names", async () => {
    let calls = 0;
    const { client, clock } = open(() => {
      calls += 1;
      if (calls > 1) return { statusCode: 200, data: { id: "/r", properties: {} } };
      return { statusCode: 429, data: { error: { code: "TooManyRequests" } }, headers: { "retry-after": "17" } };
    });
    const start = clock.now().getTime();
    await expect(client.put("/r", "1", {})).resolves.toMatchObject({ id: "/r" });
    expect(clock.now().getTime() - start).toBe(17_000);
  });
});
