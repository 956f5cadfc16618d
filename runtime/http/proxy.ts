type Environment = Readonly<Record<string, string | undefined>>;

/** The proxy that a request goes through, and the variable that names it. */
export interface ProxyInUse {
  readonly variable: string;
  /** Without the password that it may carry. */
  readonly address: string;
}

/**
 * The proxy variables, the lower-case name first. Empty, not undefined, where there is none: undici would look into the
 * process's own environment instead.
 */
export function proxyVariables(environment: Environment) {
  const read = (name: string) => environment[nameOf(name, environment)] ?? "";
  return { httpProxy: read("HTTP_PROXY"), httpsProxy: read("HTTPS_PROXY"), noProxy: read("NO_PROXY") };
}

/** Undefined where requests to that address go straight to it. */
export function proxyInUse(url: string, environment: Environment): ProxyInUse | undefined {
  const { protocol, hostname } = new URL(url);
  const { noProxy } = proxyVariables(environment);
  const direct = noProxy.split(/[,\s]+/).map((entry) =>
    entry
      .replace(/^\*?\./, "")
      .replace(/:\d+$/, "")
      .toLowerCase(),
  );
  if (direct.some((entry) => entry !== "" && (entry === "*" || `.${hostname}`.endsWith(`.${entry}`)))) return undefined;
  const names = protocol === "https:" ? ["HTTPS_PROXY", "HTTP_PROXY"] : ["HTTP_PROXY"];
  const variable = names.map((name) => nameOf(name, environment)).find((name) => environment[name]);
  const address = variable === undefined ? undefined : environment[variable];
  return variable && address ? { variable, address: address.replace(/\/\/[^@/]*@/, "//***@") } : undefined;
}

function nameOf(name: string, environment: Environment): string {
  const lower = name.toLowerCase();
  return environment[lower] === undefined ? name : lower;
}
