import { setTimeout } from "node:timers/promises";
import { BlobServiceClient } from "@azure/storage-blob";
import { EnvHttpProxyAgent, request } from "undici";
import { storageHttpClient } from "../../../emulator/deploy/storageHttpClient.js";
import type { TestEmulator } from "../../helpers/testEmulator.js";

export interface BesAnswer {
  readonly status: number;
  readonly text: string;
  /** The body as JSON; undefined when it is empty. */
  readonly json: unknown;
}

interface Status {
  readonly StatusCode?: number;
  readonly Details?: string;
  readonly Results?: Record<string, { RelativeLocation: string; BaseLocation: string; SasBlobToken: string }>;
}

/** Asking without a pause would take the core that trains. */
const pollMs = 25;

/** A client of the retraining service that knows nothing but the variables of a joined process. */
export function openBesClient(
  emulator: Pick<TestEmulator, "proxyUrl" | "environment">,
  options: { readonly authorityPem?: string } = {},
) {
  const { authorityPem } = options;
  const dispatcher = new EnvHttpProxyAgent({
    httpsProxy: emulator.proxyUrl,
    ...(authorityPem !== undefined && { requestTls: { ca: authorityPem } }),
  });
  const {
    BES_ENDPOINT: endpoint = "",
    BES_API_KEY: key = "",
    BES_STORAGE_CONNECTION_STRING: connectionString = "",
    BES_WORKSPACE_TOKEN: token = "",
  } = emulator.environment;
  const storage = BlobServiceClient.fromConnectionString(connectionString, {
    httpClient: storageHttpClient(dispatcher),
  });

  async function send(
    method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE",
    url: string,
    options: { readonly key?: string | undefined; readonly body?: unknown } = {},
  ): Promise<BesAnswer> {
    const { body } = options;
    const bearer = "key" in options ? options.key : key;
    const answer = await request(url, {
      dispatcher,
      method,
      headers: {
        ...(bearer !== undefined && { authorization: `Bearer ${bearer}` }),
        ...(body !== undefined && { "content-type": "application/json" }),
      },
      body: body === undefined ? null : typeof body === "string" ? body : JSON.stringify(body),
    });
    const text = await answer.body.text();
    return { status: answer.statusCode, text, json: text === "" ? undefined : JSON.parse(text) };
  }

  const jobs = `${endpoint}/jobs`;
  const version = "api-version=2.0";

  return {
    endpoint,
    key,
    token,
    connectionString,
    send,
    /** The blob by its connection string, as requests name it. */
    blob: (path: string, over: object = {}) => ({
      ConnectionString: connectionString,
      RelativeLocation: path,
      ...over,
    }),
    async upload(path: string, content: string | Uint8Array) {
      const [container = "", ...name] = path.split("/");
      const client = storage.getContainerClient(container);
      await client.createIfNotExists();
      await client.getBlockBlobClient(name.join("/")).uploadData(Buffer.from(content));
    },
    async read(url: string): Promise<{ status: number; bytes: Buffer }> {
      const answer = await request(url, { dispatcher });
      return { status: answer.statusCode, bytes: Buffer.from(await answer.body.arrayBuffer()) };
    },
    async signedRead(path: string): Promise<string> {
      const [container = "", ...name] = path.split("/");
      const { BlobSASPermissions } = await import("@azure/storage-blob");
      const client = storage.getContainerClient(container).getBlockBlobClient(name.join("/"));
      return client.generateSasUrl({
        permissions: BlobSASPermissions.parse("rcw"),
        expiresOn: new Date(Date.now() + 60_000),
      });
    },
    submit: (body: unknown, query = version) => send("POST", `${jobs}?${query}`, { body }),
    start: (id: string, query = version) => send("POST", `${jobs}/${id}/start?${query}`),
    status: async (id: string, query = version) => (await send("GET", `${jobs}/${id}?${query}`)).json as Status,
    delete: (id: string) => send("DELETE", `${jobs}/${id}`),
    /** Polls until the status is one that `enough` takes. */
    async until(id: string, enough: (status: Status) => boolean): Promise<Status> {
      for (;;) {
        const status = (await send("GET", `${jobs}/${id}?${version}`)).json as Status;
        if (enough(status)) return status;
        await setTimeout(pollMs);
      }
    },
    /** Submits and starts a job and polls it to its end. */
    async run(body: unknown): Promise<Status & { readonly id: string }> {
      const submitted = await this.submit(body);
      if (submitted.status !== 200) throw new Error(submitted.text);
      const id = String(submitted.json);
      const started = await this.start(id);
      if (started.status !== 200) throw new Error(started.text);
      return { id, ...(await this.until(id, ({ StatusCode }) => StatusCode !== undefined && StatusCode > 1)) };
    },
    close: () => dispatcher.close(),
  };
}

export type BesClient = ReturnType<typeof openBesClient>;

/** The results CSV as `section.name` → value. */
export function resultsIn(csv: Buffer): Record<string, string> {
  const [, ...lines] = csv.toString("utf8").trim().split("\n");
  return Object.fromEntries(
    lines.map((line) => {
      const [section, name, value = ""] = line.split(",");
      return [`${section}.${name}`, value];
    }),
  );
}
