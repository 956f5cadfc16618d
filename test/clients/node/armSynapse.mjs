import { SynapseManagementClient } from "@azure/arm-synapse";
import { listed, refusal } from "./listed.mjs";

export async function run(credential, { subscriptionId, resourceGroup, synapseWorkspace }) {
  const client = new SynapseManagementClient(credential, subscriptionId);
  const { workspaces, ipFirewallRules } = client;
  const workspace = await workspaces.get(resourceGroup, synapseWorkspace);
  const place = [resourceGroup, synapseWorkspace, "of-a-client"];
  const range = { startIpAddress: "203.0.113.7", endIpAddress: "203.0.113.9" };
  const rule = await ipFirewallRules.beginCreateOrUpdateAndWait(...place, range);
  const rules = await listed(ipFirewallRules.listByWorkspace(resourceGroup, synapseWorkspace));
  const shown = await ipFirewallRules.get(...place);
  await ipFirewallRules.beginDeleteAndWait(...place);
  const tagged = await workspaces.beginUpdateAndWait(resourceGroup, synapseWorkspace, { tags: { team: "one" } });
  return {
    workspace: { name: workspace.name, dev: workspace.connectivityEndpoints.dev, identity: workspace.identity.type },
    listed: await listed(workspaces.list()),
    inGroup: await listed(workspaces.listByResourceGroup(resourceGroup)),
    tagged: tagged.tags.team,
    rule: { state: rule.provisioningState, start: shown.startIpAddress, end: shown.endIpAddress },
    rules: rules.includes("of-a-client"),
    afterDelete: await refusal(ipFirewallRules.get(...place)),
    name: await client.operations.checkNameAvailability({
      name: synapseWorkspace,
      type: "Microsoft.Synapse/workspaces",
    }),
  };
}
