"""azure-storage-blob: writes with the role that the program of azure-mgmt-authorization assigned."""

from urllib.parse import urlsplit

from azure.storage.blob import BlobServiceClient
from refusal import refusal


def run(credential, stack):
    url = urlsplit(stack["inputUrl"])
    service = BlobServiceClient(f"https://{url.hostname}", credential)
    container = service.get_container_client(url.path[1:])
    blob = container.get_blob_client("of-a-python-client/one.csv")
    blob.upload_blob(b"a,b\n1,2\n", metadata={"team": "one"})
    repeated = refusal(blob.upload_blob, b"again")
    names = [each.name for each in container.list_blobs(name_starts_with="of-a-python-client/")]
    properties = blob.get_blob_properties()
    content = blob.download_blob().readall().decode()
    blob.delete_blob()
    own = service.create_container("of-a-python-client")
    containers = [each.name for each in service.list_containers()]
    own.delete_container()
    return {
        "properties": [properties.size, properties.metadata],
        "repeated": repeated,
        "listed": names,
        "content": content,
        "afterDelete": blob.exists(),
        "containers": "of-a-python-client" in containers,
        "afterContainerDelete": own.exists(),
    }
