import { afterAll, beforeAll, expect, it } from "vitest";
import { sendInProcess } from "../../helpers/sendInProcess.js";
import { accountId, roles, startTestStorage, type TestStorage } from "./support.js";

let test: TestStorage;
beforeAll(async () => {
  test = await startTestStorage();
  test.platform.assign("scoring", roles.blobContributor, accountId("acct1"));
});
afterAll(() => test.close());

it("a write that cannot be saved is answered with 500, never acknowledged", async () => {
  const { platform, storage } = test;
  const authorization = await platform.bearer("scoring", "https://storage.azure.com");
  const send = (url: string) =>
    sendInProcess(storage.handle, {
      method: "PUT",
      url,
      headers: {
        authorization,
        host: "acct1.blob.core.windows.net",
        "x-ms-version": "2025-11-05",
        "x-ms-blob-type": "BlockBlob",
        "content-length": "3",
      },
      body: Buffer.from("abc"),
    });
  platform.store.run("ALTER TABLE azurite_documents RENAME TO elsewhere");
  const refused = await send("/trips/a");
  expect([refused.status, refused.headers["x-ms-error-code"]]).toEqual([500, "InternalError"]);
  expect(refused.headers).not.toHaveProperty("etag");
  platform.store.run("ALTER TABLE elsewhere RENAME TO azurite_documents");
  expect((await send("/trips/b")).status).toBe(201);
  const kept = platform.store.all("SELECT document FROM azurite_documents WHERE collection = '$BLOBS_COLLECTION$'");
  expect(kept.map((row) => (JSON.parse(String(row["document"])) as { name: string }).name)).toEqual(["a", "b"]);
});

it("a token without a version of the service that knows tokens is 403 AuthenticationFailed", async () => {
  const authorization = await test.platform.bearer("scoring", "https://storage.azure.com");
  const host = "acct1.blob.core.windows.net";
  const answer = await sendInProcess(test.storage.handle, {
    method: "GET",
    url: "/trips/a",
    headers: { authorization, host },
  });
  expect([answer.status, answer.headers["x-ms-error-code"]]).toEqual([403, "AuthenticationFailed"]);
  expect(String(answer.body)).toContain(
    "<AuthenticationErrorDetail>Authentication scheme Bearer is not supported in this version.</AuthenticationErrorDetail>",
  );
});
