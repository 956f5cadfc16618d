import { exitCodes, ProgramError } from "../../contract/errors.js";
import { didYouMean } from "../../contract/nearestName.js";
import type { ParameterDefinition, ParameterDefinitions } from "../../contract/parameters.js";
import { parameterType } from "../../contract/stackOutputs.js";
import type { Place } from "../stack/place.js";
import type { SynapseClient } from "./client.js";
import type { PipelineResource } from "./schemas.js";

/** A pipeline to start, with the parameters of its deployed definition. */
export interface ChosenPipeline {
  readonly name: string;
  readonly parameters: ParameterDefinitions;
}

/**
 * The pipeline that is named, else the stack's own, else the only one of the workspace. The stack's outputs carry the
 * parameters of its own; those of any other are read from the workspace. Rejects with exit code 2 and the nearest name.
 */
export async function choosePipeline(
  name: string | undefined,
  { stack, synapseWorkspace }: Place,
  synapse: SynapseClient,
  signal: AbortSignal,
): Promise<ChosenPipeline> {
  if (stack !== undefined && (name === undefined || name === stack.pipelineName)) {
    return { name: stack.pipelineName, parameters: stack.pipelineParameters };
  }
  const pipelines = await synapse.listPipelines(signal);
  const names = pipelines.map((pipeline) => pipeline.name);
  const found =
    name === undefined
      ? pipelines.length === 1 && pipelines[0]
      : pipelines.find((pipeline) => pipeline.name.toLowerCase() === name.toLowerCase());
  if (found) return { name: found.name, parameters: parametersOf(found) };
  const cure = names.length === 0 ? "it has no pipelines at all" : `it has ${names.join(", ")}`;
  if (name === undefined) {
    const what = `the workspace ${synapseWorkspace} has ${names.length} pipelines: which one?`;
    throw new ProgramError(exitCodes.usage, what, { cure: `name one with --pipeline: ${cure}` });
  }
  const hint = didYouMean(name, names);
  throw new ProgramError(exitCodes.usage, `the workspace ${synapseWorkspace} has no pipeline ${name}${hint}`, { cure });
}

/** Studio writes `string`, the specification `String`; a type of tomorrow is sent as text. */
function parametersOf({ properties }: PipelineResource): ParameterDefinitions {
  const entries = Object.entries(properties.parameters ?? {}).map(([name, { type, defaultValue }]) => {
    const known = parameterType.options.find((one) => one.toLowerCase() === type.toLowerCase()) ?? "String";
    const definition: ParameterDefinition =
      defaultValue === undefined ? { type: known } : { type: known, defaultValue };
    return [name, definition] as const;
  });
  return Object.fromEntries(entries);
}
