import type { ArmRule } from "../armRule.js";
import { values } from "../shape.js";
import { group } from "./paths.js";

/** Resource groups and role assignments. */
export const resourceManagerRules: Readonly<Record<string, ArmRule>> = {
  "azure-native:resources:ResourceGroup": {
    apiVersion: "2024-03-01",
    path: group,
    envelope: { ...values("location", "managedBy"), tags: "map" },
    properties: {},
  },
  "azure-native:authorization:RoleAssignment": {
    apiVersion: "2022-04-01",
    path: "{scope}/providers/Microsoft.Authorization/roleAssignments/{roleAssignmentName}",
    envelope: {},
    properties: values(
      "condition",
      "conditionVersion",
      "description",
      "principalId",
      "principalType",
      "roleDefinitionId",
    ),
    replaceable: true,
  },
};
