/**
 * The one tenant and subscription of the emulator. They are the same in every emulator, so that names derived from them
 * (and with them the stack's outputs) are the same on every laptop.
 */
export const subscription = {
  tenantId: "6b1f1f0c-5a55-4a0e-9d6e-2f6b1f9a7c10",
  subscriptionId: "0c2f7e9a-61d4-4b7e-8c0a-91f6a5d3b820",
  displayName: "Local subscription",
} as const;

/** The four principals that exist before anything is deployed; section 4 of the design says who does what. */
export const principals = {
  deployer: {
    appId: "2f0f1d52-3a2f-4c83-9a6b-6a1f0a4f5d01",
    objectId: "a3b5a2c4-94f1-4c5e-8a3f-0d8d1c9b7e01",
    displayName: "deployer",
  },
  scoring: {
    appId: "2f0f1d52-3a2f-4c83-9a6b-6a1f0a4f5d02",
    objectId: "a3b5a2c4-94f1-4c5e-8a3f-0d8d1c9b7e02",
    displayName: "scoring application",
  },
  trigger: {
    appId: "2f0f1d52-3a2f-4c83-9a6b-6a1f0a4f5d03",
    objectId: "a3b5a2c4-94f1-4c5e-8a3f-0d8d1c9b7e03",
    displayName: "trigger application",
  },
  operator: {
    appId: "2f0f1d52-3a2f-4c83-9a6b-6a1f0a4f5d04",
    objectId: "a3b5a2c4-94f1-4c5e-8a3f-0d8d1c9b7e04",
    displayName: "operator",
  },
} as const;

/**
 * The application permissions of Microsoft Graph that the tenant's administrator granted, by object id. Whoever assigns
 * roles by name must be able to read the directory; nobody else needs to.
 */
export const graphPermissions: Readonly<Record<string, readonly string[]>> = {
  [principals.deployer.objectId]: ["Directory.Read.All"],
};

export type PrincipalName = keyof typeof principals;
