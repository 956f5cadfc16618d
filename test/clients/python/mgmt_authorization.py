"""azure-mgmt-authorization: role definitions and assignments. The last one stays, for the program of azure-storage-blob."""

import uuid

from azure.mgmt.authorization import AuthorizationManagementClient
from container_id import container_id
from refusal import refusal


def run(credential, stack):
    client = AuthorizationManagementClient(credential, stack["subscriptionId"])
    assignments = client.role_assignments
    subscription = f"/subscriptions/{stack['subscriptionId']}"
    scope = container_id(stack)
    owner = next(iter(assignments.list_for_scope(subscription, filter="atScope()"))).properties

    def assign(role_name):
        definitions = client.role_definitions.list(subscription, filter=f"roleName eq '{role_name}'")
        body = {
            "roleDefinitionId": next(iter(definitions)).id,
            "principalId": owner.principal_id,
            "principalType": "ServicePrincipal",
        }
        return assignments.create(scope, str(uuid.uuid4()), {"properties": body})

    reader = assign("Reader")
    names = [each.name for each in assignments.list_for_scope(scope)]
    repeated = refusal(assign, "Reader")
    assignments.delete(scope, reader.name)
    kept = assign("Storage Blob Data Contributor")
    return {
        "created": [kept.properties.scope == scope, kept.properties.principal_type],
        "shown": assignments.get(scope, kept.name).id == kept.id,
        "listed": reader.name in names,
        "repeated": repeated,
        "unknown": refusal(assignments.get, scope, reader.name),
        "roles": len(list(client.role_definitions.list(subscription))) > 10,
    }
