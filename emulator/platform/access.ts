/** An Azure role assignment, as far as a decision needs it. */
export interface RoleAssignment {
  /** The assignment's own ARM id. */
  readonly id: string;
  readonly scope: string;
  /** The role's GUID. */
  readonly roleId: string;
  readonly principalId: string;
}

/** Azure RBAC: who may do what where. Role assignments are ARM resources; this is their effect. */
export interface Access {
  /** May the principal do this control-plane action (`Microsoft.X/y/write`) at this scope or below one of its roles' scopes? */
  mayAct(principalId: string, action: string, scope: string): boolean;
  /** The same for a data action (`Microsoft.KeyVault/vaults/secrets/getSecret/action`). */
  mayActOnData(principalId: string, dataAction: string, scope: string): boolean;
  assignmentsAt(scope: string): readonly RoleAssignment[];
}
