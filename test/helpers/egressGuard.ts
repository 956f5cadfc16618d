import dns from "node:dns";
import net from "node:net";

const loopback = /^(localhost|127(\.\d+){3}|::1|\[::1\]|::ffff:127(\.\d+){3}|0\.0\.0\.0|::)?$/i;

/** Nothing in a test may leave this machine: a look-up of or connection to anything but loopback fails by name. */
function refuse(host: string): never {
  throw new Error(`egress guard: a test tried to reach ${host}; only loopback is allowed`);
}

const connect = net.Socket.prototype.connect;
net.Socket.prototype.connect = function guarded(this: net.Socket, ...given: unknown[]) {
  const options = Array.isArray(given[0]) ? given[0][0] : given[0];
  const host = typeof options === "object" && options !== null ? (options as { host?: string }).host : given[1];
  if (typeof host === "string" && !loopback.test(host)) refuse(host);
  return Reflect.apply(connect, this, given);
} as typeof connect;

const lookup = dns.lookup;
dns.lookup = ((host: string, ...rest: unknown[]) => {
  if (!loopback.test(host)) refuse(host);
  return Reflect.apply(lookup, dns, [host, ...rest]);
}) as typeof lookup;
