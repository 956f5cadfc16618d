import { hostNames } from "../../../contract/hosts.js";
import { listenerOf } from "../../platform/application.js";
import type { Service } from "../../platform/service.js";
import { type ArmParts, createArm } from "./arm.js";
import { resumePut } from "./putEffect.js";
import { resumeDelete } from "./remove.js";

/** Azure Resource Manager, `https://management.azure.com`, with the ARM types of the given services and its own. */
export async function createResourceManager(parts: ArmParts): Promise<Service> {
  const { application, context } = createArm(parts);
  const { operations } = context;
  await application.ready();
  return {
    name: "resourceManager",
    answersFor: (host) => (host.toLowerCase() === hostNames.resourceManager ? "live" : undefined),
    handle: listenerOf(application),
    async resume() {
      for (const { operation, request } of operations.unfinished()) {
        if (operation.kind === "delete") resumeDelete(context, operation, request);
        else resumePut(context, operation, request);
      }
      await operations.settled();
    },
    async close() {
      await operations.settled();
      await application.close();
    },
  };
}
