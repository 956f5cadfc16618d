import { type Clock, scaledClock, systemClock } from "../../../contract/clock.js";
import { createSynapse } from "../../../emulator/services/synapse/index.js";
import { testPlatform } from "../storage/platform.js";

// a process of its own, to be killed: the Synapse service on a database, ten minutes a second, from the given time on
const [databasePath = "", signingKeyPem = "", start = ""] = process.argv.slice(2);
const fast = scaledClock(systemClock(), 600);
const ahead = Date.parse(start) - fast.now().getTime();
const clock: Clock = { now: () => new Date(fast.now().getTime() + ahead), sleep: fast.sleep };
const platform = { ...(await testPlatform({ databasePath, signingKeyPem })), clock };
const outbound = { send: () => Promise.reject(new Error("no way out in this test")) };
const synapse = await createSynapse({ platform, outbound });
await synapse.resume();
process.stdout.write("resumed\n");
