import * as keyvault from "@pulumi/azure-native/keyvault/index.js";
import * as pulumi from "@pulumi/pulumi";
import type { Scope } from "./scope.js";

/** What a vault is made of. */
export interface KeyVaultArgs extends Scope {
  readonly vaultName: string;
  readonly tenantId: string;
  readonly purgeProtection: boolean;
  readonly softDeleteRetentionInDays: number;
}

/** A vault that is guarded by roles alone: Web activities come from no fixed address that a rule could allow. */
export class KeyVault extends pulumi.ComponentResource {
  readonly vault: keyvault.Vault;

  constructor(name: string, args: KeyVaultArgs, options?: pulumi.ComponentResourceOptions) {
    super("synapse-batch:infra:KeyVault", name, {}, options);
    this.vault = new keyvault.Vault(
      name,
      {
        vaultName: args.vaultName,
        resourceGroupName: args.resourceGroupName,
        location: args.location,
        properties: {
          tenantId: args.tenantId,
          sku: { family: "A", name: "standard" },
          enableRbacAuthorization: true,
          enableSoftDelete: true,
          softDeleteRetentionInDays: args.softDeleteRetentionInDays,
          // Azure refuses `false`: without protection the property is absent
          ...(args.purgeProtection ? { enablePurgeProtection: true } : {}),
          publicNetworkAccess: "Enabled",
        },
      },
      { parent: this },
    );
    this.registerOutputs({ id: this.vault.id });
  }
}

/** The scoring application's credentials, for the pipeline's Web activities to read. */
export interface ScoringSecretsArgs {
  readonly resourceGroupName: pulumi.Input<string>;
  readonly vault: keyvault.Vault;
  readonly clientId: string;
  readonly clientSecret: pulumi.Output<string>;
}

/** The names of the two secrets. */
export const scoringSecretNames = { clientId: "scoring-client-id", clientSecret: "scoring-client-secret" } as const;

/** Two secrets of the scoring vault; they go with the vault, so that a destroy needs no data role. */
export class ScoringSecrets extends pulumi.ComponentResource {
  constructor(name: string, args: ScoringSecretsArgs, options?: pulumi.ComponentResourceOptions) {
    super("synapse-batch:infra:ScoringSecrets", name, {}, options);
    const secret = (secretName: string, value: pulumi.Input<string>) =>
      new keyvault.Secret(
        secretName,
        {
          secretName,
          vaultName: args.vault.name,
          resourceGroupName: args.resourceGroupName,
          properties: { value, contentType: "text/plain", attributes: { enabled: true } },
        },
        // a component's dependencies are not its children's
        { parent: this, deletedWith: args.vault, dependsOn: options?.dependsOn ?? [] },
      );
    secret(scoringSecretNames.clientId, args.clientId);
    secret(scoringSecretNames.clientSecret, args.clientSecret);
    this.registerOutputs({});
  }
}
