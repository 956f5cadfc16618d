import { EnvHttpProxyAgent, request } from "undici";
import { describe, expect, it } from "vitest";
import { openEmulatedClock } from "../../emulator/platform/emulatedClock.js";
import { subscription } from "../../emulator/platform/subscription.js";
import { cliFile, runCli } from "../helpers/cli.js";
import { startTestEmulator, type TestEmulator, testStateFolder } from "../helpers/testEmulator.js";

const minute = 60_000;

/** A token of the deployer's as Entra ID answers it, and the answer's date. */
async function token(emulator: TestEmulator) {
  const { AZURE_CLIENT_ID: id = "", AZURE_CLIENT_SECRET: secret = "" } = emulator.environment;
  const resource = "https://management.azure.com";
  const form = { grant_type: "client_credentials", client_id: id, client_secret: secret, resource };
  const dispatcher = new EnvHttpProxyAgent({ httpsProxy: emulator.proxyUrl });
  const answer = await request(`https://login.microsoftonline.com/${subscription.tenantId}/oauth2/token`, {
    dispatcher,
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams(form).toString(),
  });
  const body = (await answer.body.json()) as Readonly<Record<"expires_in" | "expires_on" | "not_before", string>>;
  await dispatcher.close();
  return { ...body, date: Date.parse(String(answer.headers["date"])) };
}

describe("an emulator whose time runs 60 times as fast as a watch", () => {
  it("tells clients real times, and a life divided by the scale", async () => {
    const emulator = await startTestEmulator({ timeScale: 60 });
    const before = Date.now();
    const { date, ...answered } = await token(emulator);
    expect(Number(answered.expires_in)).toBe(59);
    expect(Math.abs(Number(answered.expires_on) * 1000 - (before + minute))).toBeLessThan(10_000);
    expect(Number(answered.not_before) * 1000).toBeLessThanOrEqual(before);
    expect(Math.abs(date - before)).toBeLessThan(10_000);
    await emulator.close();
  });

  it("goes on from there, as fast as a watch, when it is started again without a scale", async () => {
    const folder = testStateFolder();
    const fast = await startTestEmulator({ folder, timeScale: 60 });
    // more than nothing has passed as soon as a request was answered
    await token(fast);
    const told = fast.clock.now().getTime();
    expect(told).toBeGreaterThan(Date.now());
    await fast.close();
    const slow = await startTestEmulator({ folder });
    const ahead = slow.clock.now().getTime() - Date.now();
    expect(slow.clock.now().getTime()).toBeGreaterThanOrEqual(told);
    expect((await token(slow)).expires_in).toBe("3599");
    expect(Math.abs(slow.clock.now().getTime() - Date.now() - ahead)).toBeLessThan(100);
    await slow.close();
  });
});

describe("emulator --time-scale", () => {
  const home = { SYNAPSE_BATCH_HOME: testStateFolder().path };
  const fast = (...words: string[]) => runCli(["emulator", "--time-scale", "60", "exec", ...words], home);

  it("starts one of that speed, which status tells of", async () => {
    const { code, stdout, stderr } = await fast(process.execPath, cliFile, "emulator", "status");
    expect(code, stderr).toBe(0);
    expect(stdout).toContain("its time 60 times as fast");
  });

  it("leaves a clock that is ahead, which exec and status of later ones say", async () => {
    const folder = testStateFolder();
    const watch = { now: () => new Date(Date.now() + 8 * minute), sleep: () => Promise.resolve() };
    folder.withStore((store) => openEmulatedClock({ store, watch, scale: 1 }).close());
    const status = ["emulator", "exec", process.execPath, cliFile, "emulator", "status"];
    const { stdout, stderr } = await runCli(status, { SYNAPSE_BATCH_HOME: folder.path });
    expect(stdout).toContain("its clock is 8 min ahead");
    expect(stderr.match(/its clock is 8 min ahead/g), stderr).toHaveLength(1);
  });

  it("is refused where one of another speed runs", async () => {
    const inside = [process.execPath, cliFile, "emulator", "--time-scale", "2", "exec", process.execPath, "--version"];
    const { code, stderr } = await fast(...inside);
    expect(code).toBe(2);
    expect(stderr).toContain("has time scale 60, not 2");
  });

  it.each(["0.5", "601", "fast"])("%s is refused", async (scale) => {
    const { code, stderr } = await runCli(["emulator", "--time-scale", scale], home);
    expect(code).toBe(2);
    expect(stderr).toContain("Not a number from 1 to 600.");
  });
});
