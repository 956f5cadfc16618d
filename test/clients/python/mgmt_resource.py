"""azure-mgmt-resource: subscriptions, groups, resources and providers."""

from azure.mgmt.resource import ResourceManagementClient
from azure.mgmt.resource.subscriptions import SubscriptionClient
from refusal import refusal


def run(credential, stack):
    client = ResourceManagementClient(credential, stack["subscriptionId"])
    subscriptions = SubscriptionClient(credential)
    groups = client.resource_groups
    name = "rg-of-a-python-client"
    created = groups.create_or_update(name, {"location": "westeurope", "tags": {"team": "one"}})
    updated = groups.update(name, {"tags": {"team": "two"}})
    exists = groups.check_existence(name)
    groups.begin_delete(name).result()
    vaults = client.resources.list_by_resource_group(
        stack["resourceGroup"], filter="resourceType eq 'Microsoft.KeyVault/vaults'"
    )
    vault = client.resources.get_by_id(next(iter(vaults)).id, "2024-11-01")
    return {
        "subscriptions": [each.state for each in subscriptions.subscriptions.list()],
        "tenants": [each.tenant_id for each in subscriptions.tenants.list()],
        "locations": len(list(subscriptions.subscriptions.list_locations(stack["subscriptionId"]))) > 0,
        "created": [created.location, created.properties.provisioning_state],
        "updated": updated.tags,
        "exists": exists,
        "afterDelete": groups.check_existence(name),
        "listed": stack["resourceGroup"] in [each.name for each in groups.list()],
        "unknown": refusal(groups.get, name),
        "resources": len(list(client.resources.list())) > 5,
        "vault": vault.type,
        "provider": client.providers.get("Microsoft.Synapse").registration_state,
    }
