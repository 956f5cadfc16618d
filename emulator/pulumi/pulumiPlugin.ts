import { once } from "node:events";
import { connect } from "node:http2";
import { systemClock } from "../../contract/clock.js";
import { type PluginName, pluginNames } from "./plugins.js";
import { servedPackage } from "./servedPackage.js";
import { servePackage } from "./servePackage.js";

/**
 * What Pulumi's engine starts as the plugin `pulumi-resource-<name>`: serves the package, says its port as a plugin does, and
 * ends with the engine.
 */
export async function runPlugin(name: string, engineAddress: string | undefined): Promise<void> {
  if (!isServed(name)) throw new Error(`the package ${name} is not served: ${pluginNames.join(", ")} are`);
  const running = await servePackage(servedPackage(name, process.env, systemClock()));
  process.stdout.write(`${running.port}\n`);
  if (engineAddress !== undefined) await untilGone(engineAddress);
  else await Promise.race([once(process, "SIGINT"), once(process, "SIGTERM")]);
  await running.close();
}

const isServed = (name: string): name is PluginName => pluginNames.some((served) => served === name);

/** Resolves when the engine, which listens at `host:port`, has ended: also when it was killed and could not say so. */
async function untilGone(engineAddress: string): Promise<void> {
  const session = connect(`http://${engineAddress}`);
  session.on("error", () => {});
  await once(session, "close");
}
