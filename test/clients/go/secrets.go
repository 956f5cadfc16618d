package main

import (
	"context"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/to"
	"github.com/Azure/azure-sdk-for-go/sdk/security/keyvault/azsecrets"
)

// runSecrets takes a secret from its first version to its purge.
func runSecrets(ctx context.Context, credential azcore.TokenCredential, deployed stack) (seen, error) {
	const name = "of-a-go-client"
	client, err := azsecrets.NewClient("https://"+deployed.KeyVault+".vault.azure.net", credential, nil)
	if err != nil {
		return nil, err
	}
	set, err := client.SetSecret(ctx, name, azsecrets.SetSecretParameters{Value: to.Ptr("one")}, nil)
	if err != nil {
		return nil, err
	}
	got, err := client.GetSecret(ctx, name, set.ID.Version(), nil)
	if err != nil {
		return nil, err
	}
	patch := azsecrets.UpdateSecretPropertiesParameters{ContentType: to.Ptr("text/plain")}
	updated, err := client.UpdateSecretProperties(ctx, name, set.ID.Version(), patch, nil)
	if err != nil {
		return nil, err
	}
	var names []string
	for pages := client.NewListSecretPropertiesPager(nil); pages.More(); {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, err
		}
		for _, one := range page.Value {
			names = append(names, one.ID.Name())
		}
	}
	deleted, err := client.DeleteSecret(ctx, name, nil)
	if err != nil {
		return nil, err
	}
	_, afterDelete := client.GetSecret(ctx, name, "", nil)
	shownDeleted, err := client.GetDeletedSecret(ctx, name, nil)
	if err != nil {
		return nil, err
	}
	if _, err := client.RecoverDeletedSecret(ctx, name, nil); err != nil {
		return nil, err
	}
	recovered, err := client.GetSecret(ctx, name, "", nil)
	if err != nil {
		return nil, err
	}
	backup, err := client.BackupSecret(ctx, name, nil)
	if err != nil {
		return nil, err
	}
	if _, err := client.DeleteSecret(ctx, name, nil); err != nil {
		return nil, err
	}
	if _, err := client.PurgeDeletedSecret(ctx, name, nil); err != nil {
		return nil, err
	}
	_, afterPurge := client.GetDeletedSecret(ctx, name, nil)
	restored, err := client.RestoreSecret(ctx, azsecrets.RestoreSecretParameters{SecretBackup: backup.Value}, nil)
	if err != nil {
		return nil, err
	}
	return seen{
		"got":          got.Value,
		"updated":      updated.ContentType,
		"listed":       names,
		"deleted":      deleted.RecoveryID,
		"afterDelete":  refusal(afterDelete),
		"shownDeleted": shownDeleted.ID.Name(),
		"recovered":    recovered.Value,
		"afterPurge":   refusal(afterPurge),
		"restored":     restored.ID.Version() == set.ID.Version(),
	}, nil
}
