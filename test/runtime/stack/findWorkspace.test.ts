import { describe, expect, it } from "vitest";
import { audiences } from "../../../contract/hosts.js";
import { UnreachableError } from "../../../runtime/http/errors.js";
import { findWorkspace } from "../../../runtime/stack/findWorkspace.js";
import { testContext } from "../helpers/commandContext.js";

describe("a workspace that Resource Manager does not show", () => {
  it("is not said to be missing where the sign-in for its endpoint has a fault", async () => {
    const fault = new UnreachableError("sign-in failed", { cure: "try again", cause: undefined, taken: false });
    const tokens = {
      token: (audience: string) =>
        audience === audiences.synapse[0] ? Promise.reject(fault) : Promise.resolve("token"),
    };
    const text = JSON.stringify({ value: [] });
    const http = {
      send: async () => ({ status: 200, headers: {}, bytes: Buffer.from(text), text }),
      close: async () => {},
    };
    await expect(findWorkspace("ws1", { http, tokens }, testContext().context)).rejects.toBe(fault);
  });
});
