import type { Answer } from "./http.js";

/** The code and message of Azure's error body, in its envelope or bare. */
export function azureErrorOf(answer: Answer): { readonly code: string; readonly message: string } {
  const body = answer.json as {
    error?: unknown;
    error_description?: unknown;
    code?: unknown;
    message?: unknown;
  } | null;
  if (typeof body?.error_description === "string") {
    return { code: String(body.error), message: body.error_description.split(" Trace ID:")[0] ?? "" };
  }
  const inner = (typeof body?.error === "object" && body.error !== null ? body.error : body) as {
    code?: unknown;
    message?: unknown;
  } | null;
  return {
    code: typeof inner?.code === "string" ? inner.code : `HTTP ${answer.status}`,
    message: typeof inner?.message === "string" ? inner.message : answer.text.slice(0, 500),
  };
}

/** Whether the request failed because no host of that name exists; behind a proxy, it is the proxy that cannot find it. */
export function isUnknownHost(error: unknown): boolean {
  const { code, message } = error as { code?: unknown; message?: unknown };
  return code === "ENOTFOUND" || /Proxy response \(50[234]\)/.test(String(message));
}

/** Whether the request failed because this host's own name is gone, as it is after its resource is. */
export function isHostGone(error: unknown, url: string): boolean {
  return isUnknownHost(error) && (error as { hostname?: unknown }).hostname === new URL(url).hostname;
}

/** An Error with the service's code and sentence, and what was being done. */
export function refusal(doing: string, answer: Answer): Error {
  const { code, message } = azureErrorOf(answer);
  const error = new Error(`${doing}: ${answer.status} ${code}: ${message}`);
  return Object.assign(error, { code, status: answer.status });
}
