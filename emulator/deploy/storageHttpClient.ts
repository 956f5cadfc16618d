import type { StoragePipelineOptions } from "@azure/storage-blob";
import { type Dispatcher, request } from "undici";

type HttpClient = NonNullable<StoragePipelineOptions["httpClient"]>;
type Request = Parameters<HttpClient["sendRequest"]>[0];
type Response = Awaited<ReturnType<HttpClient["sendRequest"]>>;

/** The storage client's requests over our own connections (proxy and authority of the environment). */
export function storageHttpClient(dispatcher: Dispatcher): HttpClient {
  return {
    async sendRequest(sent: Request): Promise<Response> {
      const headers = Object.fromEntries(sent.headers.headersArray().map(({ name, value }) => [name, value]));
      const answer = await request(sent.url, {
        dispatcher,
        method: sent.method,
        headers,
        body: typeof sent.body === "function" ? sent.body() : (sent.body ?? null),
      });
      const received = sent.headers.clone();
      for (const { name } of received.headersArray()) received.remove(name);
      for (const [name, value] of Object.entries(answer.headers)) if (value) received.set(name, String(value));
      return { request: sent, status: answer.statusCode, headers: received, bodyAsText: await answer.body.text() };
    },
  };
}
