import { armErrors } from "./errors.js";

/** Any version of Azure's form is taken, so that newer and older clients work. */
export function checkedVersion(version: string | undefined): string {
  if (version === undefined || version === "") throw armErrors.missingApiVersion();
  if (!/^20\d\d-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])(-[a-z]+(\.\d+)?)?$/i.test(version)) {
    throw armErrors.invalidApiVersion(version);
  }
  return version;
}
