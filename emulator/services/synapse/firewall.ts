import { BlockList, isIPv4 } from "node:net";
import { isJsonObject } from "../../../contract/json.js";
import { immediate, type Propagation } from "../../platform/propagation.js";
import type { Resources } from "../../platform/resources.js";
import { addressNotAuthorized, publicAccessDenied } from "./errors.js";
import { firewallRuleType, type Workspace } from "./workspaces.js";

/** The address rules of every workspace. */
export interface Firewall {
  /** Refuses (403) a caller whose address is in none of the workspace's rules; rules have IPv4 addresses only. */
  check(workspace: Workspace, address: string): void;
  /** A rule was made or changed. */
  accepted(ruleId: string): void;
}

/** Guards the workspaces by the rules among these resources. */
export function openFirewall(resources: Resources, propagation: Propagation = immediate): Firewall {
  return {
    accepted: (ruleId) => propagation.accepted(ruleId),
    check(workspace, address) {
      const properties = workspace.resource.body["properties"];
      if (isJsonObject(properties) && properties["publicNetworkAccess"] === "Disabled") {
        throw publicAccessDenied(workspace);
      }
      const allowed = new BlockList();
      for (const rule of resources.below(workspace.id)) {
        if (rule.type.toLowerCase() !== firewallRuleType.toLowerCase() || !propagation.inEffect(rule.id)) continue;
        const range = addressRange(rule.body["properties"]);
        if (range) allowed.addRange(range.start, range.end, "ipv4");
      }
      if (!isIPv4(address) || !allowed.check(address, "ipv4")) throw addressNotAuthorized(address);
    },
  };
}

/** A rule's addresses; undefined unless both are IPv4 and in order. */
export function addressRange(properties: unknown): { readonly start: string; readonly end: string } | undefined {
  if (!isJsonObject(properties)) return undefined;
  const { startIpAddress: start, endIpAddress: end } = properties;
  if (typeof start !== "string" || typeof end !== "string" || !isIPv4(start) || !isIPv4(end)) return undefined;
  return toNumber(start) <= toNumber(end) ? { start, end } : undefined;
}

function toNumber(address: string): number {
  return address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
}
