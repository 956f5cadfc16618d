import type { InvokedBy } from "../../contract/runs.js";

/**
 * What no page of Microsoft's says, or where pages disagree, decided here: each with its reason. Whoever observes
 * otherwise on Azure changes it here and nowhere else.
 */

/** A policy without a `timeout`, in milliseconds. Older pages say 7 days; the present service writes 12 hours into new activities. */
export const defaultPolicyTimeoutMs = 12 * 60 * 60 * 1000;

/**
 * The least `timeout` of a policy, in milliseconds. The page of limits says 10 minutes, but definitions with one minute are
 * published and run everywhere: it is no check of the service.
 */
export const minPolicyTimeoutMs = 1000;

/** How long one round of an Until takes at least, in milliseconds: without it a loop that waits for nothing would spin for days. */
export const minUntilRoundMs = 1000;

/** How long to wait between two polls of a 202 where the answer names no time, in milliseconds: "some seconds". */
export const defaultPollIntervalMs = 5_000;

/** How long one poll of a 202 waits for its answer, in milliseconds: as long as a Web activity does by default. */
export const pollTimeoutMs = 60_000;

/** The version of the Key Vault API by which a secret of a linked service is read: the one in Microsoft's own examples. */
export const keyVaultApiVersion = "7.0";

/** Methods whose request has no body: definitions of GET activities carry one, left over from another method, and run. */
export const methodsWithoutBody: readonly string[] = ["GET"];

/** What a Web activity names its body as, where its headers do not: pages show JSON sent without naming it. */
export const bodyTypes = { json: "application/json", text: "text/plain; charset=utf-8" };

/** Where a Web activity's output has the status of the answer: no page has it, records of recent years do. */
export const statusCodeMember = "ADFHttpStatusCodeInResponse";

/** The members of a Filter's output: no page lists them; pipelines read `.output.Value` and `.output.FilteredItemsCount`. */
export const filterMembers = { all: "ItemsCount", kept: "FilteredItemsCount", elements: "Value" };

/** Which of several failures a run or a container names: the first in the definition, so that it is the same each time. */
export const namedFailure = <Failure>(inOrder: readonly Failure[]): Failure | undefined => inOrder[0];

/** What an activity fails with that has a property of the wrong type or value when it runs. */
export const invalidPropertyCode = "BadRequest";

/** What an activity fails with whose settings and inputs are too large together: beside 2001, which is for outputs. */
export const payloadTooLargeCode = "2002";

/** What a SetVariable fails with whose value has another type than the variable; the sentence is known, the code is not. */
export const wrongVariableTypeCode = "InvalidVariableType";

/** What an ExecutePipeline fails with when its run failed or could not be started. */
export const childRunFailedCode = "BadRequest";

/** What an activity fails with that did not end in time. */
export const timedOutCode = "ActivityTimedOut";

/**
 * Whether a value that does not fit the type of its parameter is refused. What a caller of createRun gives is; what an
 * Execute Pipeline passes is not, because a text given to an Array arrives there as text (documented). Defaults never
 * are: official templates give an object as the default of a String.
 */
export const checksParameterTypes = ({ invokedByType }: InvokedBy) => invokedByType !== "PipelineActivity";
