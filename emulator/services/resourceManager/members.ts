import { isJsonObject, type Json, type JsonObject } from "../../../contract/json.js";
import { armErrors } from "./errors.js";

/** What becomes of the members of an object in a PUT. Names stand side by side, with spaces between them. */
export interface Members {
  /** The provider looks at them. */
  readonly taken: string;
  /** The provider fills them in itself: what a request says there is ignored, as Azure does. */
  readonly filled?: string;
  /** Azure has them and nothing here would act on them: refused by name. */
  readonly refused?: string;
  /** The same, but for the value that Azure has where they are absent. */
  readonly inert?: JsonObject;
  /** The members of the objects among those that are taken. */
  readonly inside?: Readonly<Record<string, Members>>;
}

const words = (text = "") => text.split(" ").filter(Boolean);

/** The object without what the provider fills in; 400 for what it does not know or nothing here would act on, by name. */
export function checkedMembers(given: JsonObject, members: Members, type: string, path = "properties"): JsonObject {
  const taken = words(members.taken);
  const filled = words(members.filled);
  const refused = words(members.refused);
  const kept: Record<string, Json> = {};
  for (const [name, value] of Object.entries(given)) {
    const place = `${path}.${name}`;
    const inert = members.inert?.[name];
    if (taken.includes(name)) {
      const inner = members.inside?.[name];
      kept[name] = inner && isJsonObject(value) ? checkedMembers(value, inner, type, place) : value;
    } else if (inert !== undefined || refused.includes(name)) {
      if (!isAbsent(value) && value !== inert) throw armErrors.notSupported(`'${place}' of '${type}'`);
    } else if (!filled.includes(name)) {
      throw armErrors.invalidContent(
        `Could not find member '${name}' on object of type '${type}'. Path '${place}', line 1, position 1.`,
      );
    }
  }
  return kept;
}

/** Clients write these for what they leave to the service. */
function isAbsent(value: Json): boolean {
  if (value === null || value === false || value === "") return true;
  return typeof value === "object" && Object.keys(value).length === 0;
}
