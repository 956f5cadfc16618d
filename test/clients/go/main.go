// Runs the program of every client, one after the other, and prints what each saw: {"<module>": {…} or {"failed": …}}.
// Each is an ordinary program of a user's: the environment alone says where Azure is. With words, `go-client <scope>…`
// prints a token for each, one a line.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"github.com/Azure/azure-sdk-for-go/sdk/azidentity"
)

type stack struct {
	SubscriptionID   string `json:"subscriptionId"`
	ResourceGroup    string `json:"resourceGroup"`
	SynapseWorkspace string `json:"synapseWorkspace"`
	KeyVault         string `json:"keyVault"`
}

type seen map[string]any

var programs = map[string]func(context.Context, azcore.TokenCredential, stack) (seen, error){
	"armresources": runResources,
	"armsynapse":   runSynapse,
	"azsecrets":    runSecrets,
}

func main() {
	options := &azidentity.DefaultAzureCredentialOptions{}
	// a refusal is to be seen at once, not after half a minute of repeats
	options.Retry.MaxRetries = -1
	credential, err := azidentity.NewDefaultAzureCredential(options)
	if err != nil {
		fail(err)
	}
	if len(os.Args) > 1 {
		printTokens(credential, os.Args[1:])
		return
	}
	content, err := os.ReadFile(os.Getenv("STACK_OUTPUTS"))
	if err != nil {
		fail(err)
	}
	var deployed stack
	if err := json.Unmarshal(content, &deployed); err != nil {
		fail(err)
	}
	all := map[string]seen{}
	for name, run := range programs {
		shown, err := run(context.Background(), credential, deployed)
		if err != nil {
			shown = seen{"failed": err.Error()}
		}
		all[name] = shown
	}
	if err := json.NewEncoder(os.Stdout).Encode(all); err != nil {
		fail(err)
	}
}

func printTokens(credential azcore.TokenCredential, scopes []string) {
	for _, scope := range scopes {
		token, err := credential.GetToken(context.Background(), policy.TokenRequestOptions{Scopes: []string{scope}})
		if err != nil {
			fail(err)
		}
		fmt.Println(token.Token)
	}
}

// refusal is how a call was refused: the status and code that the client gives its caller.
func refusal(err error) any {
	var refused *azcore.ResponseError
	if errors.As(err, &refused) {
		return seen{"status": refused.StatusCode, "code": refused.ErrorCode}
	}
	return fmt.Sprint("not refused: ", err)
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}
