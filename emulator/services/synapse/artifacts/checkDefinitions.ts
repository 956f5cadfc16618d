import { isJsonObject, type JsonObject } from "../../../../contract/json.js";
import { badArtifact } from "../errors.js";
import { datasetKind, linkedServiceKind } from "./artifactKinds.js";
import { targetOf } from "./conditions.js";

/** Refuses a linked service that says not of which type it is, or whose settings are no object. */
export function checkLinkedService(properties: JsonObject, name: string): void {
  const settings = properties["typeProperties"];
  const mistakes = [
    ...typeMistake(properties),
    ...(settings === undefined || isJsonObject(settings) ? [] : ["typeProperties: must be an object."]),
  ];
  refuse(mistakes, `The linked service '${name}' is not valid.`, targetOf(linkedServiceKind, name));
}

/** Refuses a dataset that says not of which type it is, or whose data no linked service leads to. */
export function checkDataset(properties: JsonObject, name: string): void {
  const reference = properties["linkedServiceName"];
  const known =
    isJsonObject(reference) &&
    reference["type"] === linkedServiceKind.reference &&
    typeof reference["referenceName"] === "string";
  const mistakes = [
    ...typeMistake(properties),
    ...(known ? [] : ["linkedServiceName: must name a linked service (type LinkedServiceReference)."]),
  ];
  refuse(mistakes, `The dataset '${name}' is not valid.`, targetOf(datasetKind, name));
}

const typeMistake = ({ type }: JsonObject) =>
  typeof type === "string" && type !== "" ? [] : ["type: must name the type."];

function refuse(mistakes: readonly string[], what: string, target: string): void {
  if (mistakes.length > 0) throw badArtifact([what, ...mistakes].join(" "), target);
}
