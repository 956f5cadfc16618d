import { describe, expect, it } from "vitest";
import { exitCodes } from "../../../contract/errors.js";
import { HttpError } from "../../../runtime/http/errors.js";
import { parseServiceError } from "../../../runtime/http/serviceError.js";

describe("a service's own words", () => {
  it.each([
    ["enveloped", '{"error":{"code":"Unauthorized","message":"No.\\r\\nMore"}}', "Unauthorized", "No."],
    ["bare, with a null error beside", '{"code":"BadRequest","message":"No.","error":null}', "BadRequest", "No."],
    [
      "of the sign-in service",
      '{"error":"invalid_client","error_description":"AADSTS1: No."}',
      "invalid_client",
      "AADSTS1: No.",
    ],
    [
      "of the storage service",
      '<?xml version="1.0"?><Error><Code>BlobNotFound</Code><Message>The specified blob does not exist.\nRequestId:1</Message></Error>',
      "BlobNotFound",
      "The specified blob does not exist.",
    ],
    ["of a web page", "<html><head><title>502 Bad Gateway</title></head></html>", undefined, "502 Bad Gateway"],
    ["plain", "No.\nMore", undefined, "No."],
    ["a list", "[1]", undefined, "[1]"],
    ["empty", " ", undefined, undefined],
    ["without a sentence", '{"error":{"code":"X"}}', "X", undefined],
  ])("are read where the body is %s", (_form, body, code, message) => {
    expect(parseServiceError(body)).toEqual({ code, message });
  });
});

describe("a refusal of the caller's address", () => {
  it("names the address of the service's sentence and the line that lets it in", () => {
    const error = new HttpError({ method: "POST", url: "https://ws.dev.azuresynapse.net/pipelines/p/createRun" }, 403, {
      code: "ClientIpAddressNotAuthorized",
      message: "Client Ip address : 203.0.113.9",
    });
    expect(error.cure).toContain("pulumi config set --path 'allowedIpAddresses[0]' 203.0.113.9");
    expect(error.exitCode).toBe(exitCodes.unavailable);
  });
});
