import { exitCodes, ProgramError } from "../../contract/errors.js";
import { isJsonObject, type Json, type JsonObject } from "../../contract/json.js";
import { activityTypes } from "../engine/activities/types.js";
import type { PlanError } from "../engine/errors.js";

/** A definition that cannot be run, as an error for a person: each problem with the name of the activity that it is in. */
export function definitionError(name: string, definition: JsonObject, error: PlanError): ProgramError {
  const lines = error.problems.map(({ path, message }) => {
    const activity = activityAt(definition, path);
    const where = activity === undefined ? path : `activity '${activity}' (${path})`;
    return `\n  ${where === "" ? "" : `${where}: `}${message}`;
  });
  const types = activityTypes.map((type) => type.name).sort();
  const isUnknownType = error.problems.some(({ code }) => code === "UnknownActivityType");
  return new ProgramError(exitCodes.usage, `The pipeline '${name}' is not valid.${lines.join("")}`, {
    cause: error,
    cure: isUnknownType
      ? `Put one of the types that run here in its place: ${types.join(", ")}.`
      : "Mend what is named; nothing was run.",
  });
}

/** The name of the innermost activity on a path like `activities[0].typeProperties.ifTrueActivities[1].type`. */
function activityAt(definition: JsonObject, path: string): string | undefined {
  let place: Json | undefined = definition;
  let name: string | undefined;
  for (const segment of path.split(/[.[\]]+/).filter((each) => each !== "")) {
    place = Array.isArray(place) ? place[Number(segment)] : isJsonObject(place) ? place[segment] : undefined;
    if (isJsonObject(place) && typeof place["name"] === "string" && typeof place["type"] === "string") {
      name = place["name"];
    }
  }
  return name;
}
