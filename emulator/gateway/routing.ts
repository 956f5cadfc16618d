import type { Service } from "../platform/service.js";
import { isAzureHost } from "./azureDomains.js";

/** Where a CONNECT request wants to go; the host is in lower case and has no trailing dot. */
export interface Destination {
  readonly host: string;
  readonly port: number;
}

/** What the gateway does with a CONNECT request. */
export type Route =
  | { readonly kind: "emulated" }
  | { readonly kind: "tunnel" }
  | { readonly kind: "refused"; readonly status: 403 | 502; readonly reason: string };

const httpsPort = 443;
const authorityForm = /^([a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_])?|\[[0-9a-f:.]+\])\.?:(\d{1,5})$/i;

/** Reads the `host:port` of a CONNECT request; undefined when it is malformed. */
export function destinationOf(target: string | undefined): Destination | undefined {
  const match = authorityForm.exec(target ?? "");
  const port = Number(match?.[2]);
  if (!match?.[1] || port < 1 || port > 65_535) return undefined;
  return { host: match[1].toLowerCase(), port };
}

/** Decides by host name: emulated here, refused by name, or tunnelled. Nothing meant for Azure is ever tunnelled. */
export function routeOf(
  { host, port }: Destination,
  options: { readonly services: readonly Service[]; readonly offline: boolean },
): Route {
  const answers = options.services.map((service) => service.answersFor(host));
  if (answers.includes("live") && port === httpsPort) return { kind: "emulated" };
  if (answers.includes("unknown")) return refused(502, `${host}: no resource of that name exists`);
  if (answers.includes("live")) return refused(502, `${host} is emulated on port ${httpsPort} only, not on ${port}`);
  if (isAzureHost(host)) return refused(502, `${host} is not emulated`);
  if (options.offline) return refused(403, `${host} is not a host of the emulator, which runs offline`);
  return { kind: "tunnel" };
}

function refused(status: 403 | 502, reason: string): Route {
  return { kind: "refused", status, reason };
}
