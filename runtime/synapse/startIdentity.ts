import { v5 as uuidFrom } from "uuid";
import { exitCodes, ProgramError } from "../../contract/errors.js";
import type { Ids } from "../../contract/ids.js";
import { correlationParameter, type ParameterValues } from "../../contract/parameters.js";
import type { ChosenPipeline } from "./choosePipeline.js";

/** One start, as its caller asks for it. */
export interface StartRequest {
  /** `https://<workspace>.dev.azuresynapse.net` */
  readonly endpoint: string;
  readonly pipeline: ChosenPipeline;
  /** Those that are given; the others have the pipeline's defaults. */
  readonly parameters: ParameterValues;
  /** The caller's name for this start: every call with the same one means the same run. */
  readonly idempotencyKey: string | undefined;
}

/** How the run of one start is told from all others. */
export interface StartIdentity {
  /** Travels in the pipeline's parameter; undefined for a pipeline without it. */
  readonly correlationId: string | undefined;
  /** Whether the caller chose the correlation id: then an earlier call may have started the run. */
  readonly isGiven: boolean;
  /** A GUID that travels as x-ms-client-request-id; Azure is known to make it the run's id. */
  readonly requestId: string;
}

/** The space of the request ids, so that those of the same start are the same. */
const requestIds = "c6c9e4a5-6d0e-4f3c-9b9e-0d1f5a7f9a52";

/** The caller's key (option, or value of the parameter), or a new id. Throws exit code 2 where a key cannot be kept. */
export function identityOf(request: StartRequest, ids: Ids): StartIdentity {
  const { pipeline, parameters, idempotencyKey, endpoint } = request;
  if (!Object.hasOwn(pipeline.parameters, correlationParameter)) {
    if (idempotencyKey !== undefined) throw nowhereToKeepIt(pipeline.name);
    return { correlationId: undefined, isGiven: false, requestId: ids.uuid() };
  }
  const value = parameters[correlationParameter];
  if (idempotencyKey !== undefined && value !== undefined && value !== "" && value !== idempotencyKey) {
    throw new ProgramError(
      exitCodes.usage,
      `two names are given for one start: --idempotency-key ${idempotencyKey} and the parameter ${correlationParameter}=${value}`,
      { cure: "leave one of them out" },
    );
  }
  const given = idempotencyKey ?? value;
  const isGiven = typeof given === "string" && given !== "";
  const correlationId = isGiven ? given : ids.uuid();
  const name = [new URL(endpoint).host, pipeline.name.toLowerCase(), correlationId].join("\n");
  return { correlationId, isGiven, requestId: uuidFrom(name, requestIds) };
}

function nowhereToKeepIt(pipelineName: string): ProgramError {
  return new ProgramError(
    exitCodes.usage,
    `--idempotency-key: the pipeline ${pipelineName} has no parameter named ${correlationParameter} that could keep it`,
    { cure: `add a String parameter ${correlationParameter} to the pipeline, or leave the option out` },
  );
}
