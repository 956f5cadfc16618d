import dns from "node:dns";
import net from "node:net";
import { describe, expect, it } from "vitest";

describe("egress guard of the tests", () => {
  it("fails a connection to anything but loopback by name", () => {
    expect(() => net.connect(443, "192.0.2.1")).toThrow("egress guard: a test tried to reach 192.0.2.1");
  });

  it("fails a look-up of anything but loopback by name", () => {
    expect(() => dns.lookup("example.com", () => {})).toThrow("egress guard: a test tried to reach example.com");
  });
});
