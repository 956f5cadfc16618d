import * as keyvault from "@pulumi/azure-native/keyvault/index.js";
import * as pulumi from "@pulumi/pulumi";
import { PurgeOnDelete } from "./dataplane/purgeOnDelete.js";
import type { Existing } from "./existing.js";
import { type Logs, logged } from "./monitoring.js";
import type { ResourceNames } from "./names.js";
import type { Inside, Scope } from "./scope.js";

/** What a vault is made of. */
export interface KeyVaultArgs extends Scope {
  readonly vaultName: string;
  /** Read instead of made. */
  readonly existing?: Existing | undefined;
  readonly subscriptionId: string;
  readonly tenantId: string;
  readonly purgeProtection: boolean;
  readonly softDeleteRetentionInDays: number;
  readonly purgeOnDestroy: boolean;
  readonly logs: Logs;
}

/** A vault that is guarded by roles alone: Web activities come from no fixed address that a rule could allow. */
export class KeyVault extends pulumi.ComponentResource {
  readonly vault: keyvault.Vault;
  readonly resourceGroupName: pulumi.Input<string>;
  readonly inside: Inside;

  constructor(name: string, args: KeyVaultArgs, options?: pulumi.ComponentResourceOptions) {
    super("synapse-batch:infra:KeyVault", name, {}, options);
    this.resourceGroupName = args.existing?.resourceGroup ?? args.resourceGroupName;
    this.vault = args.existing
      ? keyvault.Vault.get(`existing-${name}`, args.existing.id, { parent: this })
      : this.make(name, args, this.freeingName(name, args));
    this.inside = args.existing ? {} : { deletedWith: this.vault };
    this.registerOutputs({ id: this.vault.id });
  }

  private make(name: string, args: KeyVaultArgs, purge: PurgeOnDelete): keyvault.Vault {
    const vault = new keyvault.Vault(
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
      { parent: this, dependsOn: purge },
    );
    logged(`${name}-logs`, args.logs, vault.id, ["AuditEvent"], { parent: this });
    return vault;
  }

  /** Made before the vault, so that it is removed after it. */
  private freeingName(name: string, args: KeyVaultArgs): PurgeOnDelete {
    const group = pulumi.interpolate`/subscriptions/${args.subscriptionId}/resourceGroups/${args.resourceGroupName}`;
    return new PurgeOnDelete(
      `${name}-purge`,
      {
        kind: "vault",
        resourceId: pulumi.interpolate`${group}/providers/Microsoft.KeyVault/vaults/${args.vaultName}`,
        location: args.location,
        purge: args.purgeOnDestroy && !args.purgeProtection,
      },
      { parent: this },
    );
  }
}

/** The scoring application's credentials, for the pipeline's Web activities to read. */
export interface ScoringSecretsArgs {
  readonly vault: KeyVault;
  readonly names: Pick<ResourceNames, "clientIdSecret" | "clientSecretSecret">;
  readonly clientId: string;
  readonly clientSecret: pulumi.Output<string>;
}

/** Two secrets of the scoring vault; they go with a vault of the program's own, so that a destroy needs no data role. */
export class ScoringSecrets extends pulumi.ComponentResource {
  /** The version of each that this deployment made. */
  readonly versions: pulumi.Output<{ readonly clientId: string; readonly clientSecret: string }>;

  constructor(name: string, args: ScoringSecretsArgs, options?: pulumi.ComponentResourceOptions) {
    super("synapse-batch:infra:ScoringSecrets", name, {}, options);
    const secret = (logicalName: string, secretName: string, value: pulumi.Input<string>) =>
      new keyvault.Secret(
        logicalName,
        {
          secretName,
          vaultName: args.vault.vault.name,
          resourceGroupName: args.vault.resourceGroupName,
          properties: { value, contentType: "text/plain", attributes: { enabled: true } },
        },
        // a component's dependencies are not its children's
        { parent: this, ...args.vault.inside, dependsOn: options?.dependsOn ?? [] },
      );
    const clientId = secret("scoring-client-id", args.names.clientIdSecret, args.clientId);
    const clientSecret = secret("scoring-client-secret", args.names.clientSecretSecret, args.clientSecret);
    this.versions = pulumi
      .all([clientId.properties, clientSecret.properties])
      .apply(([id, password]) => ({ clientId: versionOf(id), clientSecret: versionOf(password) }));
    this.registerOutputs({});
  }
}

/** The last segment of `https://<vault>.vault.azure.net/secrets/<name>/<version>`. */
function versionOf({ secretUriWithVersion }: { readonly secretUriWithVersion: string }): string {
  return secretUriWithVersion.slice(secretUriWithVersion.lastIndexOf("/") + 1);
}
