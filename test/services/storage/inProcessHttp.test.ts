import { once } from "node:events";
import { Readable } from "node:stream";
import { describe, expect, it } from "vitest";
import { openInProcess } from "../../../emulator/services/storage/inProcessHttp.js";
import { sendInProcess } from "../../helpers/sendInProcess.js";

const request = { method: "GET", url: "/x", headers: { host: "a.test" } };

describe("a request in this process", () => {
  it("has its answer's status, headers and whole body", async () => {
    const answer = await sendInProcess((_request, response) => {
      response.writeHead(201, { "x-a": "b" }).end("whole");
    }, request);
    expect([answer.status, answer.headers["x-a"], String(answer.body)]).toEqual([201, "b", "whole"]);
  });

  it("is told to who answers it when its answer is left half read", async () => {
    let left: Promise<unknown> | undefined;
    const answer = await openInProcess((_request, response) => {
      left = once(response, "close");
      Readable.from(endless()).pipe(response);
    }, request);
    answer.destroy();
    await left;
  });

  it("is answered no faster than its answer is read", async () => {
    let given = 0;
    function* counted() {
      for (const piece of endless()) {
        given += piece.length;
        yield piece;
      }
    }
    const answer = await openInProcess((_request, response) => void Readable.from(counted()).pipe(response), request);
    let taken = 0;
    for await (const piece of answer) {
      taken += piece.length;
      expect(given - taken).toBeLessThan(2 ** 20);
      if (taken > 8 * 2 ** 20) break;
    }
  });
});

function* endless() {
  for (;;) yield Buffer.alloc(65_536);
}
