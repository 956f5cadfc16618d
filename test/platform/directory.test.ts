import { expect, it } from "vitest";
import { clientSecretOf } from "../../emulator/platform/directory.js";

it.each([
  ["-", 0b111110_00],
  ["_", 0b111111_00],
])("a client secret begins with no %s: commands would take it for an option", (_character, firstByte) => {
  const secret = clientSecretOf(Buffer.concat([Buffer.of(firstByte), Buffer.alloc(29, 0xff)]));
  expect(secret).toMatch(/^~[A-Za-z0-9.~-]{39}$/);
});
