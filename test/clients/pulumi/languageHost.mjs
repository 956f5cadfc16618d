/**
 * What Pulumi's installer puts beside `pulumi` as `pulumi-language-nodejs` (gRPC service pulumirpc.LanguageRuntime), for
 * machines whose `pulumi` was built from its Go module, which has no language hosts.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import grpc from "@grpc/grpc-js";
import services from "@pulumi/pulumi/proto/language_grpc_pb.js";
import language from "@pulumi/pulumi/proto/language_pb.js";
import plugin from "@pulumi/pulumi/proto/plugin_pb.js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";

/** The exit code of a program that has already said what is wrong. */
const bail = 32;
let engineAddress = process.argv.at(-1) ?? "";

const answering = (work) => (call, callback) =>
  work(call.request).then(
    (response) => callback(null, response),
    (error) => callback({ code: grpc.status.UNKNOWN, details: error.message }),
  );

async function handshake(request) {
  engineAddress = request.getEngineAddress();
  return new language.LanguageHandshakeResponse();
}

async function getPluginInfo() {
  const info = new plugin.PluginInfo();
  info.setVersion("3.259.0");
  return info;
}

/** The plugins of the packages that the program depends on: the engine wants them installed before it runs anything. */
async function getRequiredPackages(request) {
  const folder = request.getInfo().getRootDirectory();
  const read = (...place) => JSON.parse(readFileSync(path.join(folder, ...place, "package.json"), "utf8"));
  const response = new language.GetRequiredPackagesResponse();
  for (const name of Object.keys(read().dependencies ?? {})) {
    if (!existsSync(path.join(folder, "node_modules", name, "package.json"))) continue;
    const manifest = read("node_modules", name);
    if (!manifest.pulumi?.resource) continue;
    const dependency = new plugin.PackageDependency();
    dependency.setName(manifest.pulumi.name ?? name.replace("@pulumi/", ""));
    dependency.setKind("resource");
    dependency.setVersion(manifest.pulumi.version ?? manifest.version);
    response.addPackages(dependency);
  }
  return response;
}

async function run(request) {
  const info = request.getInfo();
  const options = info.getOptions()?.toJavaScript() ?? {};
  const root = info.getRootDirectory();
  const runner = createRequire(path.join(root, "package.json")).resolve("@pulumi/pulumi/cmd/run");
  const flags = {
    monitor: request.getMonitorAddress(),
    engine: engineAddress,
    organization: request.getOrganization(),
    project: request.getProject(),
    stack: request.getStack(),
    pwd: request.getPwd(),
    parallel: String(request.getParallel()),
    "root-directory": root,
  };
  const words = [
    ...(options.nodeargs ?? "").split(" ").filter((word) => word !== ""),
    runner,
    ...Object.entries(flags).flatMap(([name, value]) => [`--${name}`, value]),
    ...(request.getDryrun() ? ["--dry-run"] : []),
    request.getProgram(),
  ];
  const child = spawn(process.execPath, words, {
    cwd: request.getPwd(),
    env: {
      ...process.env,
      PULUMI_NODEJS_TYPESCRIPT: String(options.typescript !== false),
      PULUMI_CONFIG: JSON.stringify(Object.fromEntries(request.getConfigMap().entries())),
      PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(request.getConfigsecretkeysList()),
    },
    stdio: ["ignore", "inherit", "inherit"],
  });
  const [code] = await once(child, "close");
  const response = new language.RunResponse();
  if (code === bail) response.setBail(true);
  else if (code !== 0) response.setError(`the program exited with code ${code}`);
  return response;
}

const server = new grpc.Server();
server.addService(services.LanguageRuntimeService, {
  handshake: answering(handshake),
  getPluginInfo: answering(getPluginInfo),
  getRequiredPackages: answering(getRequiredPackages),
  about: answering(async () => new language.AboutResponse()),
  cancel: answering(async () => new empty.Empty()),
  run: answering(run),
});
server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) => {
  if (error) throw error;
  process.stdout.write(`${port}\n`);
});
