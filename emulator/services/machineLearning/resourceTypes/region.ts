import { regionName } from "../../../../contract/hosts.js";
import type { PutRequest } from "../../../platform/resourceType.js";
import { badArgument } from "../errors.js";

/** What lies in a workspace or in an endpoint is in its region. */
export function checkRegion({ name, body, parent }: PutRequest): void {
  const place = (location: unknown) => regionName(String(location ?? ""));
  const own = place(body["location"]);
  const above = place(parent?.body["location"]);
  if (parent && above !== own) {
    throw badArgument(`The location of '${name}' is '${own}': it must be that of '${parent.name}', '${above}'.`);
  }
}
