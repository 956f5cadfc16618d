import { describe, expect, it } from "vitest";
import { checked, differenceOf } from "../../infra/dataplane/inputs.js";

const id = "/subscriptions/s/resourceGroups/g/providers/Microsoft.KeyVault/vaults/v";
const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

describe("the difference of inputs", () => {
  const difference = (olds: object, news: object) =>
    differenceOf<Record<string, unknown>>({ ...olds }, { ...news }, { replace: ["id"], update: ["value", "list"] });

  it("names the inputs that another resource is needed for, and those that are changed in place", () => {
    expect(difference({ id: "a", value: 1 }, { id: "b", value: 2 })).toEqual({
      changes: true,
      replaces: ["id"],
      changed: ["id", "value"],
    });
    expect(difference({ list: ["a"] }, { list: ["b"] })).toEqual({ changes: true, replaces: [], changed: ["list"] });
  });

  it("leaves out what no key names, and the case of an ARM id", () => {
    const none = { changes: false, replaces: [], changed: [] };
    expect(difference({ id: "a", patience: 1 }, { id: "a", patience: 2 })).toEqual(none);
    expect(difference({ id }, { id: id.replace("resourceGroups", "resourcegroups") })).toEqual(none);
    expect(difference({ value: "a" }, { value: "A" }).changes).toBe(true);
  });
});

describe("checked inputs", () => {
  const forms = { id: "armId", principal: "guid", endpoint: "origin" } as const;
  const right = { id, principal: unknown, endpoint: "https://w.dev.azuresynapse.net" };

  it("pass when each has its form, or is not known yet", () => {
    expect(checked(right, forms)).toEqual({ inputs: right, failures: [] });
    expect(checked({ ...right, id: unknown, endpoint: unknown }, forms).failures).toEqual([]);
  });

  it("fail with one reason each", () => {
    const wrong = { id: "v", principal: "", endpoint: "https://w.dev.azuresynapse.net/" };
    expect(checked(wrong, forms).failures).toEqual([
      { property: "id", reason: 'is "v", not the id of an Azure resource (/subscriptions/…)' },
      { property: "principal", reason: "is nothing, not a GUID" },
      { property: "endpoint", reason: `is "${wrong.endpoint}", not an address of the form https://<host>` },
    ]);
  });
});
