"""azure-identity: a token for each of Azure's planes, and how a wrong secret and an unknown resource are refused."""

import base64
import json
import os

from azure.core.exceptions import ClientAuthenticationError
from azure.identity import ClientSecretCredential

PLANES = [
    "https://management.azure.com",
    "https://vault.azure.net",
    "https://dev.azuresynapse.net",
    "https://ml.azure.com",
    "https://storage.azure.com",
    "https://graph.microsoft.com",
]


def run(credential, stack):
    claims = [claims_of(credential.get_token(f"{plane}/.default").token) for plane in PLANES]
    wrong = ClientSecretCredential(stack["tenantId"], os.environ["AZURE_CLIENT_ID"], "not the secret")
    return {
        "audiences": [each["aud"] for each in claims],
        "owners": sorted({each["oid"] for each in claims}),
        "permissions": [each.get("roles") for each in claims],
        "unknown": refused(credential, "https://unknown.example/.default"),
        "wrong": refused(wrong, "https://management.azure.com/.default"),
    }


def claims_of(token):
    return json.loads(base64.urlsafe_b64decode(token.split(".")[1] + "=="))


def refused(credential, scope):
    try:
        credential.get_token(scope)
    except ClientAuthenticationError as error:
        return error.message
    return "not refused"
