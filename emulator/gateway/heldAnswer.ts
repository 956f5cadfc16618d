import type { ServerResponse } from "node:http";

/** An answer that a service has given, of which nothing has been sent. */
export interface HeldAnswer {
  readonly body: Buffer;
  /** Gives the response the status and headers that the service gave it. */
  writeHead(): void;
}

/**
 * Keeps back what a service answers; resolves when the answer is complete, which is when the request's effect is, and
 * leaves the response as if the service had only set its headers.
 */
export function holdAnswer(response: ServerResponse): Promise<HeldAnswer> {
  let head: unknown[] | undefined;
  const chunks: Buffer[] = [];
  const keep = ([chunk, ...rest]: unknown[]) => {
    const [encoding] = rest;
    if (typeof chunk === "string") {
      chunks.push(Buffer.from(chunk, typeof encoding === "string" ? (encoding as BufferEncoding) : "utf8"));
    } else if (chunk instanceof Uint8Array) chunks.push(Buffer.from(chunk));
    return rest.find((candidate) => typeof candidate === "function");
  };
  return new Promise((resolve) => {
    const held = {
      writeHead(...given: unknown[]) {
        head = given;
        return response;
      },
      write(...given: unknown[]) {
        const written = keep(given);
        if (written) process.nextTick(written);
        return true;
      },
      end(...given: unknown[]) {
        const ended = keep(given);
        if (ended) response.once("finish", () => ended());
        for (const name of Object.keys(held)) Reflect.deleteProperty(response, name);
        resolve({
          body: Buffer.concat(chunks),
          writeHead: () => void (head && Reflect.apply(response.writeHead, response, head)),
        });
        return response;
      },
    };
    Object.assign(response, held);
  });
}
