import type { FaultRule } from "./faultRule.js";
import { seededRandom } from "./seededRandom.js";

/** A fault and what came of it so far. */
export interface FaultRecord {
  readonly id: number;
  readonly rule: FaultRule;
  /** How many requests met it. */
  readonly applied: number;
  /** How many of these the service has carried out all the same: their effect is there. */
  readonly effects: number;
}

/** What a fault goes by; the host is in lower case, the path has no query. */
export interface FaultTarget {
  readonly host: string;
  readonly method: string;
  readonly path: string;
  readonly hasToken: boolean;
}

/** A fault that a request has met. */
export interface MetFault {
  readonly rule: FaultRule;
  /** Notes that the service has carried the request out. */
  tookEffect(): void;
}

/** The faults that were asked for, gone with the process; of several that fit, a request meets the one added first. */
export interface Faults {
  add(rule: FaultRule): FaultRecord;
  list(): readonly FaultRecord[];
  /** Ends one fault or all; tells how many that were. */
  clear(id?: number): number;
  /** The fault that this request meets, counted; undefined for most. */
  meet(target: FaultTarget): MetFault | undefined;
}

interface ActiveFault {
  readonly id: number;
  readonly rule: FaultRule;
  readonly random: () => number;
  applied: number;
  effects: number;
}

/** Opens the register with these faults in it. */
export function openFaults(rules: readonly FaultRule[] = []): Faults {
  let active: ActiveFault[] = [];
  let latestId = 0;
  const faults: Faults = {
    add(rule) {
      latestId += 1;
      const fault = { id: latestId, rule, random: seededRandom(rule.seed ?? 1), applied: 0, effects: 0 };
      active.push(fault);
      return recordOf(fault);
    },
    list: () => active.map(recordOf),
    clear(id) {
      const before = active.length;
      active = id === undefined ? [] : active.filter((fault) => fault.id !== id);
      return before - active.length;
    },
    meet(target) {
      const fault = active.find((candidate) => isMeant(candidate.rule, target) && strikes(candidate));
      if (!fault) return undefined;
      fault.applied += 1;
      return {
        rule: fault.rule,
        tookEffect: () => {
          fault.effects += 1;
        },
      };
    },
  };
  for (const rule of rules) faults.add(rule);
  return faults;
}

const recordOf = ({ id, rule, applied, effects }: ActiveFault): FaultRecord => ({ id, rule, applied, effects });

function isMeant(rule: FaultRule, { host, method, path, hasToken }: FaultTarget): boolean {
  if (rule.kind === "expired-token" && !hasToken) return false;
  return fits(rule.host, host) && fits(rule.path, path) && fits(rule.method, method);
}

/** Whether the fault has its turn: the chance is drawn for each request that is meant, so that a seed means the same ones. */
function strikes({ rule, applied, random }: ActiveFault): boolean {
  if (rule.count !== undefined && applied >= rule.count) return false;
  return rule.probability === undefined || random() < rule.probability;
}

function fits(pattern: string | undefined, text: string): boolean {
  if (pattern === undefined) return true;
  const parts = pattern.split("*").map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`, "is").test(text);
}
