import { isJsonObject, type JsonObject } from "../../../contract/json.js";
import { isValueObject, toJson, type Value } from "../expressions/values.js";
import { childRunFailedCode } from "../inferred.js";
import { ActivityFailure, invalidProperty } from "./activityFailure.js";
import type { ActivityContext, ActivityType } from "./activityType.js";

/** Starts another pipeline of the workspace, and with `waitOnCompletion` ends as that run does. */
export const executePipeline: ActivityType = {
  name: "ExecutePipeline",
  nesting: "leaf",
  policy: "secure",
  check(properties, report) {
    if (referenced(properties) === undefined) report("pipeline.referenceName", "referenceName is required.");
    const wait = properties["waitOnCompletion"] ?? false;
    if (typeof wait !== "boolean") report("waitOnCompletion", "waitOnCompletion must be a boolean.");
    const parameters = properties["parameters"] ?? {};
    if (!isJsonObject(parameters)) report("parameters", "parameters must be an object.");
  },
  async run(context) {
    const pipelineName = referenced(context.properties) ?? "";
    const waits = context.properties["waitOnCompletion"] === true;
    const parameters = context.recall("parameters") ?? context.evaluate(context.properties["parameters"] ?? {});
    if (!isValueObject(parameters)) throw invalidProperty("The parameters of a pipeline must be an object.");
    context.showInput({
      pipeline: { referenceName: pipelineName, type: "PipelineReference" },
      waitOnCompletion: waits,
      parameters: toJson(parameters),
    });
    context.remember("parameters", parameters);
    const runId = childRunId(context);
    context.children.start({ runId, pipelineName, parameters });
    const output = new Map<string, Value>([
      ["pipelineName", pipelineName],
      ["pipelineRunId", runId],
    ]);
    if (!waits) return output;
    // whoever watches the parent finds the child by it
    context.showOutput(toJson(output));
    const { run, returnValue } = await context.children.finished(runId);
    // also of a run that failed: official templates read there what its error branch returned
    if (returnValue.size > 0) output.set("pipelineReturnValue", returnValue);
    if (run.status !== "Succeeded") {
      const message = run.status === "Cancelled" ? `The pipeline run ${runId} was cancelled.` : run.message;
      throw new ActivityFailure(childRunFailedCode, message, { output });
    }
    return output;
  },
};

function referenced(properties: JsonObject): string | undefined {
  const reference = properties["pipeline"];
  const name = isJsonObject(reference) ? reference["referenceName"] : undefined;
  return typeof name === "string" && name !== "" ? name : undefined;
}

/** Kept before the start, so that a killed process does not start a second run. */
function childRunId(context: ActivityContext): string {
  const kept = context.recall("runId");
  if (typeof kept === "string") return kept;
  const runId = context.ports.ids.uuid();
  context.remember("runId", runId);
  return runId;
}
