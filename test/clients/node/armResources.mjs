import { ResourceManagementClient } from "@azure/arm-resources";
import { listed, refusal } from "./listed.mjs";

export async function run(credential, { subscriptionId, resourceGroup }) {
  const { resourceGroups, resources, providers } = new ResourceManagementClient(credential, subscriptionId);
  const name = "rg-of-a-client";
  const created = await resourceGroups.createOrUpdate(name, { location: "westeurope", tags: { team: "one" } });
  const updated = await resourceGroups.update(name, { tags: { team: "two" } });
  const exists = await resourceGroups.checkExistence(name);
  const groups = await listed(resourceGroups.list());
  await resourceGroups.beginDeleteAndWait(name);
  const vaults = await listed(
    resources.listByResourceGroup(resourceGroup, { filter: "resourceType eq 'Microsoft.KeyVault/vaults'" }),
    ({ id }) => id,
  );
  const vault = await resources.getById(vaults[0], "2024-11-01");
  return {
    created: { location: created.location, state: created.properties.provisioningState, tags: created.tags },
    updated: updated.tags,
    exists: exists.body,
    listed: groups,
    afterDelete: (await resourceGroups.checkExistence(name)).body,
    unknown: await refusal(resourceGroups.get(name)),
    resources: (await listed(resources.list())).length,
    vaults: vaults.length,
    vault: vault.type,
    provider: (await providers.get("Microsoft.Synapse")).registrationState,
    registered: (await providers.register("Microsoft.KeyVault")).namespace,
  };
}
