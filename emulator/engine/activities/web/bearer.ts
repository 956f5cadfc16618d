import { messageOf } from "../../../../contract/errors.js";
import type { IdentityPort } from "../../ports.js";
import { ActivityFailure } from "../activityFailure.js";
import type { ActivityContext } from "../activityType.js";

/** The Authorization header with a token; one that is refused is the failure of the activity. */
export async function bearer(context: ActivityContext, request: Parameters<IdentityPort["token"]>[0]): Promise<string> {
  try {
    return `Bearer ${await context.ports.identity.token(request)}`;
  } catch (error) {
    throw new ActivityFailure(
      "2108",
      `Failed to get an access token for the resource '${request.resource}': ${messageOf(error)}`,
      { cause: error },
    );
  }
}
