import type { ActivityDefinition } from "../../contract/pipeline.js";
import { after, afterEnd, fail, ifCondition, type Retries, setVariable, until, wait, web } from "./activities.js";
import { bearerOfActivity, expression, jobIsOver } from "./expressions.js";
import type { ScoringPipelinePlace, ScoringPipelineSettings } from "./settings.js";
import { asInvoker, machineLearningTokenRequest } from "./signIn.js";

const bearer = bearerOfActivity("fresh_token");

/** Looks at the job until it is at its end, or the time for it is over. */
export function waitForJob(
  place: ScoringPipelinePlace,
  settings: ScoringPipelineSettings,
  propagation: Retries,
): ActivityDefinition {
  // a job may outlive a token, so each round asks for a new one; a managed identity's comes with each request
  const ownToken =
    settings.authentication === "managedIdentity"
      ? []
      : [web({ ...machineLearningTokenRequest(place, propagation), name: "fresh_token" })];
  return until({
    name: "wait_for_job",
    condition: expression(jobIsOver),
    timeout: settings.jobTimeout,
    dependsOn: after("Set jobName"),
    activities: [
      ...ownToken,
      web({
        ...asInvoker(settings, bearer),
        name: "check_job",
        method: "GET",
        url: `@concat('${place.scoringUri}/',variables('jobName'))`,
        dependsOn: after(...ownToken.map(({ name }) => name)),
        retries: { retry: settings.statusRetries, retryIntervalInSeconds: 30 },
      }),
      setVariable({
        variable: "jobStatus",
        value: "@activity('check_job').output.properties.status",
        dependsOn: after("check_job"),
        secret: false,
      }),
      ifCondition({
        name: "unless_over",
        condition: expression(jobIsOver),
        dependsOn: [{ activity: "Set jobStatus", dependencyConditions: ["Completed", "Skipped"] }],
        whenFalse: [wait("Wait", settings.pollSeconds)],
      }),
    ],
  });
}

/** Fails the run with the message that run history has for the job, unless the job is completed. */
export function outcome(place: ScoringPipelinePlace, settings: ScoringPipelineSettings): ActivityDefinition {
  const history = `${place.machineLearningApiUrl}/history/v1.0${place.machineLearningWorkspaceId}/runs/`;
  const firstError = "activity('job_error').output?.value?[0]?.error?.error?.message";
  return ifCondition({
    name: "job_outcome",
    condition: expression("@equals(variables('jobStatus'),'Completed')"),
    dependsOn: after("wait_for_job"),
    whenFalse: [
      web({
        ...asInvoker(settings, bearer),
        name: "job_error",
        method: "GET",
        url: `@concat('${history}',variables('jobName'),'/children')`,
        retries: { retry: 2, retryIntervalInSeconds: 30 },
      }),
      fail({
        name: "Fail",
        message: expression(
          `@concat('Batch job ',variables('jobName'),' ended ',variables('jobStatus'),': ',coalesce(${firstError},'see Studio'))`,
        ),
        errorCode: "BatchJobFailed",
        dependsOn: afterEnd("job_error"),
      }),
    ],
  });
}
