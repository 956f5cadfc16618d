import type { ActivityType } from "./activityType.js";
import { fail } from "./fail.js";
import { ifCondition } from "./ifCondition.js";
import { setVariable } from "./setVariable.js";
import { until } from "./until.js";
import { wait } from "./wait.js";
import { webActivity } from "./webActivity.js";

/** Every activity type that the engine runs; any other is refused by name when a pipeline is planned. */
export const activityTypes: readonly ActivityType[] = [webActivity, setVariable, until, wait, ifCondition, fail];
