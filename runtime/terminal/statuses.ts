import type { Colors } from "./terminal.js";

/** How a status looks: a sign and a colour; the word always stands beside it. */
export function statusLook(
  status: string,
  handled: boolean,
  colors: Colors,
): { sign: string; paint: (text: string) => string } {
  switch (status) {
    case "Succeeded":
      return { sign: "✓", paint: colors.green };
    case "Failed":
      return handled ? { sign: "!", paint: colors.yellow } : { sign: "✗", paint: colors.red };
    case "InProgress":
      return { sign: "●", paint: colors.cyan };
    case "Cancelled":
    case "Canceling":
      return { sign: "■", paint: colors.yellow };
    default:
      return { sign: "·", paint: colors.dim };
  }
}
