import type { ActivityRun, PipelineRun } from "../../contract/runs.js";
import { stubCauseIn } from "./stubHttp.js";

/** What a person reads of the failures of a run: each cause once, where it happened, and no guess where it is known. */
export interface FailureTexts {
  /** One for each activity run; empty where it did not fail. */
  readonly activities: readonly string[];
  readonly run: string;
}

/** The texts for a timeline; records keep the service's own sentences, which repeat a cause in everything round it. */
export function failureTexts(run: PipelineRun, activityRuns: readonly ActivityRun[]): FailureTexts {
  const causes = activityRuns.map(({ error }) => stubCauseIn(error.message));
  const longestFirst = [...new Set(causes)].filter((cause) => cause !== "").sort((a, b) => b.length - a.length);
  const without = (text: string) => {
    const told = longestFirst.find((cause) => cause !== text && text.endsWith(`: ${cause}`));
    return told === undefined ? text : text.slice(0, -told.length).replace(/(, Error)?: $/, ".");
  };
  const isRepeated = (index: number) =>
    activityRuns.findIndex(
      ({ activityName }, other) =>
        activityName === activityRuns[index]?.activityName && causes[other] === causes[index],
    ) < index;
  return {
    activities: causes.map((cause, index) => (cause !== "" && isRepeated(index) ? "as before" : without(cause))),
    run: without(stubCauseIn(run.message)),
  };
}
