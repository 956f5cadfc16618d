import { hostSuffixes, webHookUrl } from "../../../contract/hosts.js";
import { azureTimestamp } from "../../../contract/runs.js";
import type { CallbacksPort } from "../../engine/ports.js";
import { createApplication, listenerOf, malformedBy } from "../../platform/application.js";
import { AzureError } from "../../platform/errors.js";
import type { Platform } from "../../platform/platform.js";
import type { Service } from "../../platform/service.js";
import { httpRefusal } from "./errors.js";
import type { Workspace } from "./workspaces.js";

/** Where the services that WebHook activities called call back; an address is its own permission, as on Azure. */
export interface Callbacks {
  readonly service: Service;
  /** The callbacks of the activity runs of a workspace. */
  port(workspace: Workspace): CallbacksPort;
  removeAll(workspace: string): void;
}

/** Serves `POST https://<region>.svc.datafactory.azure.com/dataplane/workflow/callback/{id}`; what arrives is kept. */
export async function createCallbacks(platform: Platform): Promise<Callbacks> {
  const { store, ids, clock } = platform;
  store.migrate("synapse callbacks", [
    `CREATE TABLE synapse_callbacks (id TEXT PRIMARY KEY, workspace TEXT NOT NULL, activity_run_id TEXT NOT NULL UNIQUE,
       created_at TEXT NOT NULL, sealed TEXT)`,
    "CREATE INDEX synapse_callbacks_by_creation ON synapse_callbacks (created_at)",
  ]);
  const waiting = new Map<string, (body: string) => void>();

  const application = createApplication(platform, httpRefusal);
  application.removeAllContentTypeParsers();
  application.addContentTypeParser("*", { parseAs: "string" }, (_request, body, done) => done(null, body));
  application.post("/dataplane/workflow/callback/:id", (request, reply) => {
    const { id } = request.params as { id: string };
    const row = store.all("SELECT activity_run_id, sealed FROM synapse_callbacks WHERE id = ?", id)[0];
    if (!row) throw new AzureError(404, "NotFound", "No activity waits for this callback.", { shape: "bare" });
    if (row["sealed"] !== null) {
      throw new AzureError(409, "Conflict", "This callback was made before.", { shape: "bare" });
    }
    const body = typeof request.body === "string" ? request.body : "";
    store.run("UPDATE synapse_callbacks SET sealed = ? WHERE id = ?", store.seal(body), id);
    waiting.get(String(row["activity_run_id"]))?.(body);
    return reply.code(200).send();
  });
  await application.ready();
  const listener = listenerOf(application);

  const kept = (activityRunId: string) =>
    store.all("SELECT id, sealed FROM synapse_callbacks WHERE activity_run_id = ?", activityRunId)[0];

  return {
    service: {
      name: "webhookCallbacks",
      answersFor: (host) => (host.endsWith(hostSuffixes.dataFactory) ? "live" : undefined),
      handle: listener,
      malformed: malformedBy(httpRefusal),
      close: () => application.close(),
    },
    removeAll: (workspace) => store.run("DELETE FROM synapse_callbacks WHERE workspace = ?", workspace),
    port: ({ key, location }) => ({
      async uri(activityRunId) {
        const id = String(kept(activityRunId)?.["id"] ?? ids.uuid());
        store.run(
          "INSERT OR IGNORE INTO synapse_callbacks VALUES (?, ?, ?, ?, NULL)",
          id,
          key,
          activityRunId,
          azureTimestamp(clock.now()),
        );
        return webHookUrl(location, id);
      },
      async received(activityRunId, signal) {
        signal.throwIfAborted();
        const sealed = kept(activityRunId)?.["sealed"];
        if (typeof sealed === "string") return store.unseal(sealed);
        return new Promise<string>((resolve, reject) => {
          const end = () => {
            waiting.delete(activityRunId);
            signal.removeEventListener("abort", stop);
          };
          const stop = () => {
            end();
            reject(signal.reason);
          };
          waiting.set(activityRunId, (body) => {
            end();
            resolve(body);
          });
          signal.addEventListener("abort", stop, { once: true });
        });
      },
    }),
  };
}
