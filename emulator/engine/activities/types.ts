import type { ActivityType } from "./activityType.js";
import { appendVariable } from "./appendVariable.js";
import { executePipeline } from "./executePipeline.js";
import { fail } from "./fail.js";
import { filter } from "./filter.js";
import { forEach } from "./forEach.js";
import { ifCondition } from "./ifCondition.js";
import { setVariable } from "./setVariable.js";
import { switchActivity } from "./switch.js";
import { until } from "./until.js";
import { wait } from "./wait.js";
import { webActivity } from "./webActivity.js";
import { webHook } from "./webHook.js";

/** Every activity type that the engine runs; any other is refused by name when a pipeline is planned. */
export const activityTypes: readonly ActivityType[] = [
  appendVariable,
  executePipeline,
  fail,
  filter,
  forEach,
  ifCondition,
  setVariable,
  switchActivity,
  until,
  wait,
  webActivity,
  webHook,
];
