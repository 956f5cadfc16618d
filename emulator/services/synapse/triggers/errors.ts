import { AzureError } from "../../../platform/errors.js";

/** 400, bare, what a change or a removal of a started trigger ends with; the blank at its end is the service's. */
export function triggerEnabled(): AzureError {
  const message = "Cannot update enabled Trigger; the trigger needs to be disabled first. ";
  const extra = { target: null, details: null, error: null };
  return new AzureError(400, "TriggerEnabledCannotUpdate", message, { shape: "bare", extra });
}

/** 400 of a start that the trigger's definition does not allow. */
export function cannotStart(name: string, message: string): AzureError {
  return new AzureError(400, "BadRequest", message, { extra: { target: name, details: null } });
}

/** 404 of every operation on a trigger run that is not there. */
export function triggerRunNotFound(id: string): AzureError {
  return new AzureError(404, "TriggerRunNotFound", `The trigger run ${id} was not found.`);
}
