package main

import (
	"context"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/to"
	"github.com/Azure/azure-sdk-for-go/sdk/resourcemanager/synapse/armsynapse"
)

// runSynapse reads the workspace and makes and deletes a firewall rule of it.
func runSynapse(ctx context.Context, credential azcore.TokenCredential, deployed stack) (seen, error) {
	const name = "of-a-go-client"
	group, workspace := deployed.ResourceGroup, deployed.SynapseWorkspace
	workspaces, err := armsynapse.NewWorkspacesClient(deployed.SubscriptionID, credential, nil)
	if err != nil {
		return nil, err
	}
	shown, err := workspaces.Get(ctx, group, workspace, nil)
	if err != nil {
		return nil, err
	}
	listed, err := workspaces.NewListByResourceGroupPager(group, nil).NextPage(ctx)
	if err != nil {
		return nil, err
	}
	_, unknown := workspaces.Get(ctx, group, "no-such-workspace", nil)
	rules, err := armsynapse.NewIPFirewallRulesClient(deployed.SubscriptionID, credential, nil)
	if err != nil {
		return nil, err
	}
	addresses := armsynapse.IPFirewallRuleProperties{
		StartIPAddress: to.Ptr("203.0.113.7"),
		EndIPAddress:   to.Ptr("203.0.113.9"),
	}
	creating, err := rules.BeginCreateOrUpdate(ctx, group, workspace, name, armsynapse.IPFirewallRuleInfo{Properties: &addresses}, nil)
	if err != nil {
		return nil, err
	}
	rule, err := creating.PollUntilDone(ctx, nil)
	if err != nil {
		return nil, err
	}
	deleting, err := rules.BeginDelete(ctx, group, workspace, name, nil)
	if err != nil {
		return nil, err
	}
	if _, err := deleting.PollUntilDone(ctx, nil); err != nil {
		return nil, err
	}
	_, deleted := rules.Get(ctx, group, workspace, name, nil)
	return seen{
		"workspace":   []*string{shown.Name, shown.Properties.ConnectivityEndpoints["dev"]},
		"listed":      []*string{listed.Value[0].Name},
		"unknown":     refusal(unknown),
		"rule":        []*string{rule.Properties.StartIPAddress, rule.Properties.EndIPAddress},
		"afterDelete": refusal(deleted),
	}, nil
}
