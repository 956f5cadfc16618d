import { notEmulated } from "../../../platform/errors.js";
import type { ResourceType } from "../../../platform/resourceType.js";
import { types } from "../names.js";

/** Microsoft.MachineLearningServices/workspaces/jobs: the batch jobs; they are started at the scoring host alone. */
export function jobResource(cancel: (name: string) => void): ResourceType {
  return {
    type: types.job,
    putStyle: "synchronous",
    tracked: false,
    patchable: false,
    deletable: false,
    prepare({ name }) {
      throw notEmulated(`a job that is made through Resource Manager ('${name}')`);
    },
    actions: {
      cancel(job) {
        cancel(job.name);
        return {};
      },
    },
  };
}
