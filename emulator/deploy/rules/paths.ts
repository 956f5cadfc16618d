/** A resource group's ARM path. */
export const group = "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}";

/** Where a namespace's resources are in a group. */
export const provider = (namespace: string) => `${group}/providers/${namespace}`;
