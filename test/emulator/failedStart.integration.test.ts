import { once } from "node:events";
import net from "node:net";
import { expect, it } from "vitest";
import { startTestEmulator, testStateFolder } from "../helpers/testEmulator.js";

it("an emulator that cannot go on with what was left unfinished fails to start, and listens no more", async () => {
  const folder = testStateFolder();
  const first = await startTestEmulator({ folder });
  await first.close();
  folder.withStore((store) =>
    store.run("INSERT INTO machine_learning_jobs VALUES ('job', 'child', '/workspace', 0, 'damaged')"),
  );
  const port = await freePort();
  await expect(startTestEmulator({ folder, port })).rejects.toThrow("damaged");
  const [refused] = await once(net.connect(port, "127.0.0.1"), "error");
  expect(refused).toMatchObject({ code: "ECONNREFUSED" });
});

async function freePort(): Promise<number> {
  const server = net.createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as net.AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}
