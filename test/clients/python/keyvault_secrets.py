"""azure-keyvault-secrets: versions, properties, deletion, recovery and purge of a secret."""

from azure.keyvault.secrets import SecretClient
from refusal import refusal


def run(credential, stack):
    client = SecretClient(f"https://{stack['keyVault']}.vault.azure.net", credential)
    name = "of-a-python-client"
    first = client.set_secret(name, "one")
    second = client.set_secret(name, "two", content_type="text/plain", tags={"team": "one"})
    updated = client.update_secret_properties(name, first.properties.version, enabled=False)
    names = [each.name for each in client.list_properties_of_secrets()]
    versions = list(client.list_properties_of_secret_versions(name))
    deleted = client.begin_delete_secret(name).result()
    after_delete = refusal(client.get_secret, name)
    deleted_names = [each.name for each in client.list_deleted_secrets()]
    shown_deleted = client.get_deleted_secret(name)
    client.begin_recover_deleted_secret(name).wait()
    after_recovery = client.get_secret(name).value
    backup = client.backup_secret(name)
    client.begin_delete_secret(name).wait()
    client.purge_deleted_secret(name)
    after_purge = refusal(client.get_deleted_secret, name)
    restored = client.restore_secret_backup(backup)
    return {
        "set": [second.value, second.properties.content_type, second.properties.tags],
        "updated": updated.enabled,
        "listed": name in names,
        "versions": len(versions),
        "deleted": deleted.recovery_id,
        "afterDelete": after_delete,
        "deletedNames": deleted_names,
        "shownDeleted": shown_deleted.name,
        "afterRecovery": after_recovery,
        "afterPurge": after_purge,
        "restored": restored.version == second.properties.version,
        "afterRestore": client.get_secret(name).value,
    }
