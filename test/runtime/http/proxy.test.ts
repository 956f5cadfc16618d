import { describe, expect, it } from "vitest";
import { proxyInUse, proxyVariables } from "../../../runtime/http/proxy.js";

const url = "https://ws1.dev.azuresynapse.net/";

describe("a proxy variable", () => {
  it.each([
    ["http://user:hidden@127.0.0.1:1", "http://***@127.0.0.1:1"],
    ["http://user:hid@den@127.0.0.1:1", "http://***@127.0.0.1:1"],
    ["http://user:hid/d@en@127.0.0.1:1", "http://***@127.0.0.1:1"],
    ["user:hid@den@127.0.0.1:1", "***@127.0.0.1:1"],
    ["http://127.0.0.1:1", "http://127.0.0.1:1"],
  ])("is shown without its password, whatever characters that has: %s", (value, address) => {
    expect(proxyInUse(url, { HTTPS_PROXY: value })).toEqual({ variable: "HTTPS_PROXY", address });
  });

  it.each([
    ["https_proxy", "127.0.0.1:1", "127.0.0.1:1", "https_proxy=http://127.0.0.1:1"],
    ["HTTPS_PROXY", "localhost:3128", "localhost:3128", "HTTPS_PROXY=http://localhost:3128"],
    ["http_proxy", "user:hid@den@proxy:1", "***@proxy:1", "http_proxy=http://<host>:<port>"],
    ["HTTP_PROXY", "ftp://proxy", "ftp://proxy", "HTTP_PROXY=http://<host>:<port>"],
    ["https_proxy", "http://user:hid/d@en@proxy:1", "http://***@proxy:1", "https_proxy=http://<host>:<port>"],
  ])("that holds no address of a proxy is named, with code 2: %s=%s", (variable, value, shown, line) => {
    expect(() => proxyVariables({ [variable]: value })).toThrow(
      expect.objectContaining({
        exitCode: 2,
        message: `${variable} holds no address of a proxy: ${shown}`,
        cure: `write it with its scheme: ${line}`,
      }),
    );
  });

  it("may be empty, and may name an HTTPS or a SOCKS proxy", () => {
    const environment = { HTTP_PROXY: "", https_proxy: "https://proxy:1", HTTPS_PROXY: "socks5://proxy:1" };
    expect(proxyVariables(environment)).toEqual({ httpProxy: "", httpsProxy: "https://proxy:1", noProxy: "" });
  });

  it("counts in its lower-case spelling, for the sign-in in its upper-case one", () => {
    const environment = { https_proxy: "http://lower:1", HTTPS_PROXY: "http://upper:1" };
    expect(proxyInUse(url, environment)?.address).toBe("http://lower:1");
    expect(proxyInUse(url, environment, "upper")?.address).toBe("http://upper:1");
    expect(proxyInUse(url, { https_proxy: "http://lower:1" }, "upper")?.variable).toBe("https_proxy");
  });
});
