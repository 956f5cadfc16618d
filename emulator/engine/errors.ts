export interface Problem {
  /** What kind of mistake it is, where a caller has more to say about it. */
  readonly code?: "UnknownActivityType";
  /** Where in the definition: `activities[2].typeProperties.url`. */
  readonly path: string;
  readonly message: string;
}

/** A definition that a publish refuses, with every mistake at its place. */
export class PlanError extends Error {
  override readonly name = "PlanError";
  readonly problems: readonly Problem[];

  constructor(pipelineName: string, problems: readonly Problem[]) {
    const lines = problems.map(({ path, message }) => `${path === "" ? "" : `${path}: `}${message}`);
    super(`The pipeline '${pipelineName}' is not valid. ${lines.join(" ")}`);
    this.problems = problems;
  }
}

/** A rerun that createRun refuses: no such run, one that goes on still, or an activity that is not there. */
export class RerunError extends Error {
  override readonly name = "RerunError";
}

/** A start that createRun refuses: too many runs wait for a pipeline whose `concurrency` is used up. */
export class QueueFullError extends Error {
  override readonly name = "QueueFullError";
}

/** A start that createRun refuses: a parameter without a value, or with one of another type. */
export class ParameterError extends Error {
  override readonly name = "ParameterError";
  readonly parameter: string;

  constructor(parameter: string, message: string) {
    super(message);
    this.parameter = parameter;
  }
}
