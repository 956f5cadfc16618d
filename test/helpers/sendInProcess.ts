import type { RequestListener } from "node:http";
import {
  type InProcessRequest,
  type InProcessResponse,
  openInProcess,
  wholeResponse,
} from "../../emulator/services/storage/inProcessHttp.js";

/** Sends a request to a listener of this process and takes the whole answer. */
export async function sendInProcess(listener: RequestListener, request: InProcessRequest): Promise<InProcessResponse> {
  return wholeResponse(await openInProcess(listener, request));
}
