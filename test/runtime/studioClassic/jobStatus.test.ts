import { describe, expect, it } from "vitest";
import { parseJobId, parseJobStatus } from "../../../runtime/studioClassic/jobStatus.js";

const status = (value: unknown) => parseJobStatus(JSON.stringify(value));
const place = { BaseLocation: "https://a.blob.core.windows.net/", RelativeLocation: "c/o.csv", SasBlobToken: "?sig=x" };

describe("a job's status", () => {
  it.each([
    [0, "NotStarted"],
    [1, "Running"],
    [2, "Failed"],
    [3, "Cancelled"],
    [4, "Finished"],
    ["1", "Running"],
    ["NotStarted", "NotStarted"],
    ["Finished", "Finished"],
  ])("is read from the code %j", (StatusCode, state) => {
    expect(status({ StatusCode }).state).toBe(state);
  });

  it("is NotStarted where the answer is {}", () => {
    expect(status({})).toEqual({ state: "NotStarted", outputs: {}, details: "" });
  });

  it.each(["Results", "Result"])("has its outputs from %s", (member) => {
    expect(status({ StatusCode: 4, [member]: { output2: place } }).outputs).toEqual({ output2: place });
  });

  it("has the details of a failure", () => {
    expect(status({ StatusCode: 2, Details: "line 7" }).details).toBe("line 7");
  });

  it.each([[5], ["Done"], [{}]])("is not %j", (StatusCode) => {
    expect(() => status({ StatusCode })).toThrow("not a job's status");
  });

  it("is not a page of some other server", () => {
    expect(() => parseJobStatus("<html>")).toThrow("not a job's status");
  });
});

describe("a submitted job", () => {
  it("answers with its id as a bare JSON string", () => {
    expect(parseJobId('"539d0bc2fde945b6ac986b851d0000f0"')).toBe("539d0bc2fde945b6ac986b851d0000f0");
  });

  it.each(['{"id":"1"}', "539d", '"a/b"', ""])("has no id in %j", (text) => {
    expect(() => parseJobId(text)).toThrow("not a job's id");
  });
});
