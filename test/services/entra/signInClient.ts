import { EnvHttpProxyAgent, request } from "undici";
import type { TestEmulator } from "../../helpers/testEmulator.js";

/** A client of login.microsoftonline.com that knows the emulator as any program does: by the proxy's address alone. */
export function signInClient(emulator: TestEmulator) {
  const dispatcher = new EnvHttpProxyAgent({ httpsProxy: emulator.proxyUrl });
  const send = async (path: string, options: Parameters<typeof request>[1] = {}) => {
    const answer = await request(`https://login.microsoftonline.com${path}`, { dispatcher, ...options });
    return { status: answer.statusCode, headers: answer.headers, body: JSON.parse(await answer.body.text()) };
  };
  return {
    get: (path: string) => send(path),
    post: (path: string, body: string, headers: Record<string, string> = {}) =>
      send(path, {
        method: "POST",
        body,
        headers: { "content-type": "application/x-www-form-urlencoded", ...headers },
      }),
    close: () => dispatcher.close(),
  };
}
