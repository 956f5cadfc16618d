"""The ARM id of the container that holds the input."""

from urllib.parse import urlsplit


def container_id(stack):
    url = urlsplit(stack["inputUrl"])
    group = f"/subscriptions/{stack['subscriptionId']}/resourceGroups/{stack['resourceGroup']}"
    account = f"{group}/providers/Microsoft.Storage/storageAccounts/{url.hostname.split('.')[0]}"
    return f"{account}/blobServices/default/containers{url.path}"
