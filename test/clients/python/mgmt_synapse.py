"""azure-mgmt-synapse: workspaces and their firewall rules."""

from azure.mgmt.synapse import SynapseManagementClient
from refusal import refusal


def run(credential, stack):
    client = SynapseManagementClient(credential, stack["subscriptionId"])
    place = (stack["resourceGroup"], stack["synapseWorkspace"])
    rules = client.ip_firewall_rules
    name = "of-a-python-client"
    body = {"startIpAddress": "203.0.113.7", "endIpAddress": "203.0.113.9"}
    rule = rules.begin_create_or_update(*place, name, body).result()
    listed = [each.name for each in rules.list_by_workspace(*place)]
    rules.begin_delete(*place, name).result()
    workspace = client.workspaces.get(*place)
    return {
        "workspace": [workspace.name, workspace.connectivity_endpoints["dev"], workspace.provisioning_state],
        "listed": [each.name for each in client.workspaces.list()],
        "inGroup": [each.name for each in client.workspaces.list_by_resource_group(stack["resourceGroup"])],
        "rule": [rule.start_ip_address, rule.end_ip_address, rule.provisioning_state],
        "rules": name in listed,
        "afterDelete": refusal(rules.get, *place, name),
        "unknown": refusal(client.workspaces.get, stack["resourceGroup"], "no-such-workspace"),
    }
