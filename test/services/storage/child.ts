import http from "node:http";
import path from "node:path";
import { createStorage } from "../../../emulator/services/storage/index.js";
import { putResource, testPlatform } from "./platform.js";
import { accountBody, accountId, roles } from "./support.js";

/** Serves one storage account out of the folder in its arguments, says where on stdout, and waits to be killed. */
const folder = process.argv[2] ?? "";
const platform = await testPlatform({ databasePath: path.join(folder, "state.db") });
const storage = await createStorage(platform, { folder: path.join(folder, "storage") });
await putResource(platform, storage.resourceTypes, accountId("acct1"), accountBody);
platform.assign("scoring", roles.blobContributor, accountId("acct1"));
const server = http.createServer(storage.handle);
server.listen(0, "127.0.0.1", async () => {
  const address = server.address();
  const port = typeof address === "object" && address ? address.port : 0;
  const authorization = await platform.bearer("scoring", "https://storage.azure.com");
  process.stdout.write(`${JSON.stringify({ port, authorization })}\n`);
});
