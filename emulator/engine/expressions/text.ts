import { isValueArray, isValueObject, type Value, type ValueObject } from "./values.js";

/** From this exponent on, and below the other, .NET prints a double in scientific form. */
const scientificFrom = 17;
const scientificBelow = -4;

/** How interpolation, `concat`, `string` and `join` turn a value into text: `True`, null as empty, `1.0` as `1`. */
export function valueText(value: Value): string {
  if (value === null) return "";
  if (typeof value === "string") return value;
  if (typeof value === "boolean") return value ? "True" : "False";
  if (typeof value === "bigint") return value.toString();
  if (typeof value === "number") return floatText(value);
  const content = isValueObject(value) ? binaryContent(value) : undefined;
  return content === undefined ? jsonText(value) : content.toString("utf8");
}

/** Compact JSON in which a float without a fraction keeps its `.0`. */
export function jsonText(value: Value): string {
  if (typeof value === "bigint") return value.toString();
  if (typeof value === "number") {
    const text = floatText(value);
    if (!Number.isFinite(value)) return `"${text}"`;
    return /^-?\d+$/.test(text) ? `${text}.0` : text;
  }
  if (isValueArray(value)) return `[${value.map(jsonText).join(",")}]`;
  if (isValueObject(value)) {
    return `{${[...value].map(([key, member]) => `${JSON.stringify(key)}:${jsonText(member)}`).join(",")}}`;
  }
  return JSON.stringify(value);
}

/** The bytes of a binary or XML object (`$content-type`, `$content` in base64); undefined for other objects. */
export function binaryContent(value: ValueObject): Buffer | undefined {
  const content = value.get("$content");
  return typeof content === "string" && value.has("$content-type") ? Buffer.from(content, "base64") : undefined;
}

/** The shortest text that gives the same double back, as .NET writes it: `1.5`, `1E+17`, `1E-05`. */
function floatText(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity";
  const [mantissa = "0", power = "0"] = value.toExponential().split("e");
  const exponent = Number(power);
  if (exponent >= scientificFrom || exponent < scientificBelow) {
    const digits = Math.abs(exponent).toString().padStart(2, "0");
    return `${mantissa}E${exponent < 0 ? "-" : "+"}${digits}`;
  }
  return Object.is(value, -0) ? "-0" : value.toString();
}
