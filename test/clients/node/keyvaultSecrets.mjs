import { SecretClient } from "@azure/keyvault-secrets";
import { listed, refusal } from "./listed.mjs";

export async function run(credential, { keyVault }) {
  const client = new SecretClient(`https://${keyVault}.vault.azure.net`, credential);
  const name = "of-a-node-client";
  const first = await client.setSecret(name, "one");
  const second = await client.setSecret(name, "two", { contentType: "text/plain", tags: { team: "one" } });
  const updated = await client.updateSecretProperties(name, first.properties.version, { enabled: false });
  const disabled = await refusal(client.getSecret(name, { version: first.properties.version }));
  const names = await listed(client.listPropertiesOfSecrets());
  const versions = await listed(client.listPropertiesOfSecretVersions(name), ({ version }) => version);
  const deleted = await (await client.beginDeleteSecret(name)).pollUntilDone();
  const afterDelete = await refusal(client.getSecret(name));
  const shownDeleted = await client.getDeletedSecret(name);
  const deletedNames = await listed(client.listDeletedSecrets());
  const recovered = await (await client.beginRecoverDeletedSecret(name)).pollUntilDone();
  const afterRecovery = (await client.getSecret(name)).value;
  const backup = await client.backupSecret(name);
  await (await client.beginDeleteSecret(name)).pollUntilDone();
  await client.purgeDeletedSecret(name);
  const afterPurge = await refusal(client.getDeletedSecret(name));
  const restored = await client.restoreSecretBackup(backup);
  return {
    set: { value: second.value, contentType: second.properties.contentType, tags: second.properties.tags },
    updated: updated.enabled,
    disabled,
    listed: names.includes(name),
    versions: versions.length,
    deleted: deleted.recoveryId,
    afterDelete,
    shownDeleted: shownDeleted.name,
    deletedNames,
    recovered: recovered.name,
    afterRecovery,
    afterPurge,
    restored: restored.version === second.properties.version,
    afterRestore: (await client.getSecret(name)).value,
  };
}
