package main

import (
	"context"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/to"
	"github.com/Azure/azure-sdk-for-go/sdk/resourcemanager/resources/armresources"
)

// runResources makes, changes and deletes a resource group and lists what is deployed.
func runResources(ctx context.Context, credential azcore.TokenCredential, deployed stack) (seen, error) {
	const name = "rg-of-a-go-client"
	groups, err := armresources.NewResourceGroupsClient(deployed.SubscriptionID, credential, nil)
	if err != nil {
		return nil, err
	}
	group := armresources.ResourceGroup{Location: to.Ptr("westeurope"), Tags: map[string]*string{"team": to.Ptr("one")}}
	created, err := groups.CreateOrUpdate(ctx, name, group, nil)
	if err != nil {
		return nil, err
	}
	patch := armresources.ResourceGroupPatchable{Tags: map[string]*string{"team": to.Ptr("two")}}
	updated, err := groups.Update(ctx, name, patch, nil)
	if err != nil {
		return nil, err
	}
	exists, err := groups.CheckExistence(ctx, name, nil)
	if err != nil {
		return nil, err
	}
	var names []string
	for pages := groups.NewListPager(nil); pages.More(); {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, err
		}
		for _, one := range page.Value {
			names = append(names, *one.Name)
		}
	}
	deleting, err := groups.BeginDelete(ctx, name, nil)
	if err != nil {
		return nil, err
	}
	if _, err := deleting.PollUntilDone(ctx, nil); err != nil {
		return nil, err
	}
	_, unknown := groups.Get(ctx, name, nil)
	resources, err := armresources.NewClient(deployed.SubscriptionID, credential, nil)
	if err != nil {
		return nil, err
	}
	filter := &armresources.ClientListByResourceGroupOptions{
		Filter: to.Ptr("resourceType eq 'Microsoft.Synapse/workspaces'"),
	}
	page, err := resources.NewListByResourceGroupPager(deployed.ResourceGroup, filter).NextPage(ctx)
	if err != nil {
		return nil, err
	}
	found, err := resources.GetByID(ctx, *page.Value[0].ID, "2021-06-01", nil)
	if err != nil {
		return nil, err
	}
	return seen{
		"created": []string{*created.Location, *created.Properties.ProvisioningState},
		"updated": updated.Tags,
		"exists":  exists.Success,
		"listed":  names,
		"unknown": refusal(unknown),
		"found":   found.Name,
	}, nil
}
