/** An Azure role: what it permits on the control plane and on data. A `*` in a pattern stands for any text. */
export interface RoleDefinition {
  /** The role's GUID; the same in every tenant for a built-in role. */
  readonly id: string;
  readonly roleName: string;
  readonly description: string;
  readonly actions: readonly string[];
  readonly notActions: readonly string[];
  readonly dataActions: readonly string[];
  readonly notDataActions: readonly string[];
}

/** Whether a role permits an action: a pattern of `granted` fits and none of `excluded` does. Case makes no difference. */
export function permits(action: string, granted: readonly string[], excluded: readonly string[]): boolean {
  return granted.some((pattern) => fits(pattern, action)) && !excluded.some((pattern) => fits(pattern, action));
}

const compiled = new Map<string, RegExp>();

function fits(pattern: string, action: string): boolean {
  let expression = compiled.get(pattern);
  if (!expression) {
    const parts = pattern.split("*").map((part) => part.replaceAll(/[.\\+?^${}()|[\]]/g, "\\$&"));
    expression = new RegExp(`^${parts.join(".*")}$`, "i");
    compiled.set(pattern, expression);
  }
  return expression.test(action);
}
