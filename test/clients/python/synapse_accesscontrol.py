"""azure-synapse-accesscontrol: role definitions, role assignments and access checks of a workspace."""

import uuid

from azure.synapse.accesscontrol import AccessControlClient
from refusal import refusal


def run(credential, stack):
    client = AccessControlClient(credential, stack["synapseEndpoint"])
    assignments, definitions = client.role_assignments, client.role_definitions
    roles = {each.name: each.id for each in definitions.list_role_definitions()}
    operator = roles["Synapse Monitoring Operator"]
    administrators = assignments.list_role_assignments(role_id=roles["Synapse Administrator"])
    principal = administrators.value[0].principal_id
    scope = f"workspaces/{stack['synapseWorkspace']}"
    name = str(uuid.uuid4())
    created = assignments.create_role_assignment(name, operator, principal, scope)
    repeated = refusal(assignments.create_role_assignment, str(uuid.uuid4()), operator, principal, scope)
    filtered = assignments.list_role_assignments(role_id=operator, principal_id=principal)
    shown = assignments.get_role_assignment_by_id(name)
    action = {"id": "Microsoft.Synapse/workspaces/read", "isDataAction": True}
    checked = assignments.check_principal_access({"principalId": principal}, [action], scope)
    assignments.delete_role_assignment_by_id(name)
    return {
        "definitions": len(roles),
        "definition": definitions.get_role_definition_by_id(operator).name,
        "scopes": "workspaces/{workspaceName}" in definitions.list_scopes(),
        "administrators": administrators.count,
        "created": [created.role_definition_id == operator, created.scope == scope],
        "repeated": repeated,
        "filtered": [each.id == name for each in filtered.value],
        "shown": shown.id == name,
        "decision": [each.access_decision for each in checked.access_decisions],
        "afterDelete": refusal(assignments.get_role_assignment_by_id, name),
    }
