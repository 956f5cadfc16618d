"""Runs the program of every client, one after the other, and prints what each saw: {"<package>": {…} or {"failed": …}}.

Each is an ordinary program of a user's: not one option of a client is set, the environment alone says where Azure is.
"""

import importlib
import json
import os
import sys
import traceback

from azure.identity import DefaultAzureCredential

PROGRAMS = {
    "azure-identity": "identity",
    "azure-mgmt-resource": "mgmt_resource",
    "azure-mgmt-authorization": "mgmt_authorization",
    "azure-mgmt-synapse": "mgmt_synapse",
    "azure-keyvault-secrets": "keyvault_secrets",
    "azure-storage-blob": "storage_blob",
    "azure-synapse-accesscontrol": "synapse_accesscontrol",
    "azure-synapse-artifacts": "synapse_artifacts",
}

with open(os.environ["STACK_OUTPUTS"], encoding="utf-8") as file:
    stack = json.load(file)
credential = DefaultAzureCredential()
seen = {}
for name, module in PROGRAMS.items():
    try:
        seen[name] = importlib.import_module(module).run(credential, stack)
    except Exception:  # pylint: disable=broad-exception-caught
        seen[name] = {"failed": traceback.format_exc()}
json.dump(seen, sys.stdout)
