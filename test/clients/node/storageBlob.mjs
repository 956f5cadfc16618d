import { BlobServiceClient } from "@azure/storage-blob";
import { listed, refusal } from "./listed.mjs";

/** Writes with the role that the program of @azure/arm-authorization assigned. */
export async function run(credential, { inputUrl }) {
  const { origin, pathname } = new URL(inputUrl);
  const service = new BlobServiceClient(origin, credential);
  const container = service.getContainerClient(pathname.slice(1));
  const blob = container.getBlockBlobClient("of-a-node-client/one.csv");
  const uploaded = await blob.upload("a,b\n1,2\n", 8, { blobHTTPHeaders: { blobContentType: "text/csv" } });
  await blob.setMetadata({ team: "one" });
  const properties = await blob.getProperties();
  const repeated = await refusal(blob.upload("again", 5, { conditions: { ifNoneMatch: "*" } }));
  const names = await listed(container.listBlobsFlat({ prefix: "of-a-node-client/" }));
  const folders = await listed(container.listBlobsByHierarchy("/"));
  const content = (await blob.downloadToBuffer()).toString();
  await blob.delete();
  const own = service.getContainerClient("of-a-node-client");
  await own.create();
  const containers = await listed(service.listContainers());
  await own.delete();
  return {
    uploaded: uploaded.etag !== undefined,
    properties: { type: properties.contentType, length: properties.contentLength, team: properties.metadata.team },
    repeated,
    listed: names,
    folders: folders.includes("of-a-node-client/"),
    content,
    afterDelete: await blob.exists(),
    containers: containers.includes("of-a-node-client"),
    afterContainerDelete: await own.exists(),
  };
}
