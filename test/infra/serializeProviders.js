import { pathToFileURL } from "node:url";
import * as pulumi from "@pulumi/pulumi";

// Prints, as JSON, the text that Pulumi makes of each dynamic provider in the folder that is given. It is JavaScript so
// that plain Node can run it on the built modules.
const folder = pathToFileURL(`${process.argv[2]}/`);
const texts = {};
await pulumi.runtime.setMocks({
  newResource({ type, name, inputs }) {
    if (inputs.__provider !== undefined) texts[type.split(":").at(-1)] = inputs.__provider;
    return { id: name, state: {} };
  },
  call: () => ({}),
});
for (const name of [
  "ResourceProviders",
  "BatchEndpointDefault",
  "SynapseRoleAssignment",
  "SynapsePipeline",
  "PurgeOnDelete",
]) {
  const file = `${name.charAt(0).toLowerCase()}${name.slice(1)}.js`;
  const module = await import(new URL(file, folder).href);
  await new module[name](name, { namespaces: [] }).urn.promise();
}
console.log(JSON.stringify(texts));
