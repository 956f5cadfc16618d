import { Server, ServerCredentials } from "@grpc/grpc-js";
import services from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import { providerService } from "./providerService.js";
import type { ServedPackage } from "./servedPackage.js";

/** A package's gRPC server. */
export interface RunningPackage {
  /** On 127.0.0.1. */
  readonly port: number;
  close(): Promise<void>;
}

/** The engine sends a whole resource in one message; gRPC's own limit is 4 MB. */
const unlimited = { "grpc.max_receive_message_length": -1, "grpc.max_send_message_length": -1 };

/** Serves the package to an engine on this machine, on a free port. */
export async function servePackage(served: ServedPackage): Promise<RunningPackage> {
  const server = new Server(unlimited);
  const { close, ...service } = providerService(served);
  server.addService(services.ResourceProviderService, service);
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    );
  });
  return {
    port,
    async close() {
      server.forceShutdown();
      await close();
    },
  };
}
