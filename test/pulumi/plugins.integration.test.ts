import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, statSync } from "node:fs";
import { createServer } from "node:http2";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { createInterface } from "node:readline";
import { describe, expect, it, onTestFinished } from "vitest";
import { installPlugins, pluginVersion } from "../../emulator/pulumi/plugins.js";
import { fixtures } from "../helpers/fixtures.js";

const home = () => mkdtempSync(path.join(fixtures().folder, "pulumi-home-"));
const fileOf = (folder: string, name: "azure-native" | "random") =>
  path.join(folder, "plugins", `resource-${name}-v${pluginVersion(name)}`, `pulumi-resource-${name}`);

describe.skipIf(process.platform === "win32")("the plugins in PULUMI_HOME", () => {
  it("stand where the engine looks for the versions that the program asks for", () => {
    const folder = home();
    installPlugins(folder);
    expect(readdirSync(path.join(folder, "plugins"))).toEqual([
      `resource-azure-native-v${pluginVersion("azure-native")}`,
      `resource-random-v${pluginVersion("random")}`,
    ]);
    expect(statSync(fileOf(folder, "azure-native")).mode & 0o777).toBe(0o700);
  });

  it("are left alone when they are there: one may be running", () => {
    const folder = home();
    installPlugins(folder);
    const before = statSync(fileOf(folder, "random")).mtimeMs;
    installPlugins(folder);
    expect(statSync(fileOf(folder, "random")).mtimeMs).toBe(before);
  });

  it.each(["azure-native", "random"] as const)(
    "%s says its port, and ends when the engine has ended, killed or not",
    async (name) => {
      const folder = home();
      installPlugins(folder);
      const engine = createServer();
      await once(engine.listen(0, "127.0.0.1"), "listening");
      const { port } = engine.address() as AddressInfo;
      const connected = once(engine, "session");
      const plugin = spawn(fileOf(folder, name), [`127.0.0.1:${port}`], { stdio: ["ignore", "pipe", "inherit"] });
      onTestFinished(() => void plugin.kill("SIGKILL"));
      const closed = once(plugin, "close");
      const [line] = (await once(createInterface(plugin.stdout), "line")) as [string];
      expect(line).toMatch(/^\d+$/);
      const [session] = await connected;
      session.destroy();
      engine.close();
      expect(await closed).toEqual([0, null]);
    },
  );
});
