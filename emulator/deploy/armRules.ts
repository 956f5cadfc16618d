import type { ArmRule } from "./armRule.js";
import { keyVaultRules } from "./rules/keyVault.js";
import { machineLearningRules } from "./rules/machineLearning.js";
import { monitoringRules } from "./rules/monitoring.js";
import { resourceManagerRules } from "./rules/resourceManager.js";
import { storageRules } from "./rules/storage.js";
import { synapseRules } from "./rules/synapse.js";

/**
 * The azure-native types that a deployment may use, by token, with the API versions of @pulumi/azure-native 3.28. What a
 * rule does not name is refused.
 */
export const armRules: Readonly<Record<string, ArmRule>> = {
  ...resourceManagerRules,
  ...keyVaultRules,
  ...storageRules,
  ...monitoringRules,
  ...machineLearningRules,
  ...synapseRules,
};

/** The rule of a type token; throws when there is none. */
export function ruleOf(type: string): ArmRule {
  const rule = armRules[type];
  if (rule === undefined) throw new Error(`the emulator does not support the resource type ${type}`);
  return rule;
}
