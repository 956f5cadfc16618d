import { expect, it } from "vitest";
import { openStore } from "../../../emulator/platform/store.js";
import { group, plainType, TestArm } from "./testArm.js";
import { DayClock } from "./wholeArm.js";

const workspace = `${group}/providers/Microsoft.Synapse/workspaces/ws`;

it("an operation that has ended is told for a day, then forgotten", async () => {
  const clock = new DayClock();
  const type = plainType("Microsoft.Synapse/workspaces", { putStyle: "asyncOperation" });
  const arm = await (await TestArm.start([type], openStore(undefined, Buffer.alloc(32, 7)), clock)).withGroup();
  const put = async (name: string) => {
    const { headers } = await arm.call("PUT", name, { body: { location: "eastus" } });
    await arm.arm.context.operations.settled();
    return String(headers["azure-asyncoperation"]).replace("https://management.azure.com", "");
  };
  const poll = await put(workspace);
  clock.pass(0.9);
  await put(`${workspace}2`);
  expect((await arm.call("GET", poll)).status).toBe(200);
  clock.pass(0.2);
  await put(`${workspace}3`);
  expect((await arm.call("GET", poll)).status).toBe(404);
});
