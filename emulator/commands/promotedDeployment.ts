import { replacesTag } from "../../contract/batchEndpoint.js";
import { objectAt, propertiesOf, textAt } from "../platform/json.js";
import { openResources } from "../platform/resources.js";
import type { Store } from "../platform/store.js";

const endpoints = "Microsoft.MachineLearningServices/workspaces/batchEndpoints";

/**
 * The deployment that a promotion has made a batch endpoint's default, undefined where the program's own answers. Under
 * `pulumi up` the stack's settings say it; the stack that is deployed here has none that a command could write.
 */
export function promotedDeployment(store: Store): string | undefined {
  const resources = openResources(store);
  return resources
    .ofType(endpoints)
    .map((endpoint) => ({ endpoint, name: textAt(objectAt(propertiesOf(endpoint), "defaults"), "deploymentName") }))
    .find(({ endpoint, name }) => {
      const deployment = name === undefined ? undefined : resources.get(`${endpoint.id}/deployments/${name}`);
      return deployment !== undefined && textAt(objectAt(deployment.body, "tags"), replacesTag) !== undefined;
    })?.name;
}
