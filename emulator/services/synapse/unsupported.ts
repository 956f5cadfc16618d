import { notEmulated } from "../../platform/errors.js";
import type { Operations } from "./endpoint.js";

/** What a real workspace has beside what is served (first segment of the path) and this one has not. */
const otherArtifacts: Readonly<Record<string, string>> = {
  dataflows: "data flows",
  notebooks: "notebooks",
  notebooksSummary: "notebooks",
  sqlScripts: "SQL scripts",
  kqlScripts: "KQL scripts",
  sparkJobDefinitions: "Spark job definitions",
  sparkconfigurations: "Spark configurations",
  bigDataPools: "Spark pools",
  sqlPools: "SQL pools",
  integrationRuntimes: "integration runtimes on the development endpoint",
  libraries: "workspace packages",
  linkconnections: "link connections",
  managedVirtualNetworks: "managed virtual networks",
  credentials: "credentials",
};

/** Refuses by name, after the caller was authenticated, every operation on what is not served. */
export function refuseOtherArtifacts(operation: Operations): void {
  for (const [segment, name] of Object.entries(otherArtifacts)) {
    for (const path of [`/${segment}`, `/${segment}/*`]) {
      operation(["GET", "PUT", "POST", "PATCH", "DELETE"], path, [], () => {
        throw notEmulated(`${name} in a Synapse workspace`);
      });
    }
  }
}
