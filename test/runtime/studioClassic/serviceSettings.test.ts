import { describe, expect, it } from "vitest";
import { serviceSettings } from "../../../runtime/studioClassic/serviceSettings.js";

const url = "https://ussouthcentral.services.azureml.net/workspaces/f4a5/services/3ab4";
const connectionString = "DefaultEndpointsProtocol=https;AccountName=a;AccountKey=aws=;EndpointSuffix=core.windows.net";
const environment = { BES_ENDPOINT: url, BES_API_KEY: "abc", BES_STORAGE_CONNECTION_STRING: connectionString };

describe("the service's settings", () => {
  it("come from the environment", () => {
    expect(serviceSettings({}, environment)).toEqual({ url, apiKey: "abc", connectionString });
  });

  it("come from the options first", () => {
    const storage = connectionString.replace("AccountName=a", "AccountName=b");
    const given = { endpoint: `${url}9`, apiKey: "other", storage };
    expect(serviceSettings(given, environment)).toEqual({
      url: `${url}9`,
      apiKey: "other",
      connectionString: storage,
    });
  });

  it("take the address from the stack's outputs last; key and storage account are never in them", () => {
    expect(serviceSettings({}, { ...environment, BES_ENDPOINT: undefined }, `${url}8`).url).toBe(`${url}8`);
    expect(serviceSettings({}, environment, `${url}8`).url).toBe(url);
    expect(() => serviceSettings({}, {}, url)).toThrow(/without its key \(BES_API_KEY.*BES_STORAGE_CONNECTION_STRING/);
  });

  it.each([`${url}/`, `${url}/jobs`, `${url}/jobs?api-version=2.0`])("take the address as %s", (BES_ENDPOINT) => {
    expect(serviceSettings({}, { ...environment, BES_ENDPOINT }).url).toBe(url);
  });

  it("take a connection string without protocol and suffix, as the service's own sample has it", () => {
    const storageOf = (storage: string) => serviceSettings({ storage }, environment).connectionString;
    expect(storageOf("AccountName=a;AccountKey=aws=;")).toBe(connectionString);
    const elsewhere = "DefaultEndpointsProtocol=http;AccountName=a;AccountKey=k;BlobEndpoint=http://127.0.0.1:10000/a";
    expect(storageOf(elsewhere)).toBe(elsewhere);
  });

  it("name all that is missing", () => {
    expect(() => serviceSettings({}, {})).toThrow(/BES_ENDPOINT.*BES_API_KEY.*BES_STORAGE_CONNECTION_STRING/);
  });

  it("refuse another address, and an account without a key, without showing what may be secret", () => {
    expect(() => serviceSettings({}, { ...environment, BES_ENDPOINT: "https://x.net/jobs?key=abc" })).toThrow(
      "https://x.net/jobs is not the address of a web service",
    );
    const storage = "AccountName=a;SharedAccessSignature=sig";
    expect(() => serviceSettings({ storage }, environment)).toThrow(
      /^the storage connection string has no AccountName/,
    );
  });
});
