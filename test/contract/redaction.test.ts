import { describe, expect, it } from "vitest";
import { redact } from "../../contract/redaction.js";

const token = "eyJhbGciOiJSUzI1NiJ9.eyJhdWQiOiJ4In0.c2lnbmF0dXJl";

describe("redaction", () => {
  it.each([
    ["a bearer token", "authorization: Bearer 0123456789abcdef0123", "0123456789abcdef0123"],
    ["a JSON web token", `the token ${token} is over`, token],
    ["a form's secret", "grant_type=x&client_secret=abc~def&resource=r", "abc~def"],
    ["a form's secret inside JSON", '{"sent":"client_secret=abc~def"}', "abc~def"],
    ["a secret in JSON", '{"value": "abc\\"def"}', "def"],
    ["a shared access signature", "https://x.example/a?sv=1&sig=abc%2Bdef", "abc%2Bdef"],
  ])("masks %s", (_title, text, secret) => {
    expect(redact(text)).not.toContain(secret);
    expect(redact(text)).toContain("***");
  });

  it("leaves JSON readable", () => {
    expect(JSON.parse(redact('{"value":"a\\"b","sent":"client_secret=abc","why":"no \\"role\\""}'))).toEqual({
      value: "***",
      sent: "***",
      why: 'no "role"',
    });
  });

  it("leaves a sentence about tokens alone", () => {
    const sentence = "AKV10000: Request is missing a Bearer or PoP token. Bearer token expired.";
    expect(redact(sentence)).toBe(sentence);
  });

  it("masks what is given, but nothing so short that it is a part of words", () => {
    expect(redact("open sesame, abc", ["sesame", "abc", ""])).toBe("open ***, abc");
  });
});
