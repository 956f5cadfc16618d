import { type Dispatcher, request } from "undici";

/** Sends a request and resolves with the answer's JSON, undefined where it has no body; rejects on a status of 300 or more. */
export async function answerOf(
  dispatcher: Dispatcher,
  url: string,
  options: Omit<Dispatcher.RequestOptions, "origin" | "path">,
): Promise<unknown> {
  const { statusCode, body } = await request(url, { dispatcher, ...options });
  const text = await body.text();
  if (statusCode >= 300) throw new Error(`${url} answered ${statusCode}: ${text}`);
  return text === "" ? undefined : JSON.parse(text);
}

/** The header of a token for a resource, by the client secret of these variables (`AZURE_…`). */
export async function authorizationOf(
  dispatcher: Dispatcher,
  environment: Readonly<Record<string, string | undefined>>,
  resource: string,
): Promise<{ readonly authorization: string }> {
  const form = new URLSearchParams({
    grant_type: "client_credentials",
    client_id: environment["AZURE_CLIENT_ID"] ?? "",
    client_secret: environment["AZURE_CLIENT_SECRET"] ?? "",
    resource,
  });
  const address = `https://login.microsoftonline.com/${environment["AZURE_TENANT_ID"]}/oauth2/token`;
  const headers = { "content-type": "application/x-www-form-urlencoded" };
  const answer = await answerOf(dispatcher, address, { method: "POST", headers, body: form.toString() });
  return { authorization: `Bearer ${(answer as { readonly access_token: string }).access_token}` };
}
