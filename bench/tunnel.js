import http from "node:http";
import https from "node:https";
import tls from "node:tls";

/** The barest client that goes through a proxy: an agent of node:https whose connections the proxy opens (CONNECT). */
export class TunnelAgent extends https.Agent {
  #proxy;

  constructor(proxyUrl, options) {
    super(options);
    this.#proxy = new URL(proxyUrl);
  }

  createConnection({ host, servername }, done) {
    const { hostname, port } = this.#proxy;
    http
      .request({ host: hostname, port, method: "CONNECT", path: `${host}:443`, agent: false })
      .on("connect", (_response, socket) => done(null, tls.connect({ socket, servername })))
      .on("error", done)
      .end();
  }
}

/** Posts text and resolves with the answer's JSON; rejects on a status of 300 or more. */
export function post(agent, address, headers, body) {
  const { host, pathname, search } = new URL(address);
  return new Promise((resolve, reject) => {
    const length = Buffer.byteLength(body);
    https
      .request({
        agent,
        host,
        path: pathname + search,
        method: "POST",
        headers: { ...headers, "content-length": length },
      })
      .on("error", reject)
      .on("response", (response) => {
        let text = "";
        response.setEncoding("utf8").on("data", (chunk) => {
          text += chunk;
        });
        response.on("end", () => {
          if (response.statusCode < 300) resolve(JSON.parse(text));
          else reject(new Error(`${address} answered ${response.statusCode}: ${text}`));
        });
      })
      .end(body);
  });
}

/** A token for the Synapse data plane by the client secret of these variables (`AZURE_…`). */
export async function synapseToken(agent, { AZURE_TENANT_ID, AZURE_CLIENT_ID, AZURE_CLIENT_SECRET }) {
  const form = new URLSearchParams({
    grant_type: "client_credentials",
    client_id: AZURE_CLIENT_ID,
    client_secret: AZURE_CLIENT_SECRET,
    scope: "https://dev.azuresynapse.net/.default",
  });
  const address = `https://login.microsoftonline.com/${AZURE_TENANT_ID}/oauth2/v2.0/token`;
  const headers = { "content-type": "application/x-www-form-urlencoded" };
  return (await post(agent, address, headers, form.toString())).access_token;
}
