import { expect, it } from "vitest";
import { randomIds } from "../../contract/ids.js";
import { createApplication } from "../../emulator/platform/application.js";

it("refuses a body that is not JSON without repeating any of it, which may be a secret", async () => {
  const application = createApplication(randomIds);
  application.put("/secrets/one", async () => ({}));
  for (const payload of ["{'value': 'hunter2'}", '{"value": hunter2}', "hunter2"]) {
    const headers = { "content-type": "application/json" };
    const answer = await application.inject({ method: "PUT", url: "/secrets/one", headers, payload });
    expect(answer.statusCode).toBe(400);
    expect(answer.json()).toMatchObject({ error: { code: "InvalidRequestContent" } });
    expect(answer.payload).not.toContain("hunter");
  }
});
