// Asks for a token with Azure's own Go client, as the Pulumi provider does: `go-client <scope>…` prints one token a
// line. It knows nothing but its environment.
package main

import (
	"context"
	"fmt"
	"os"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"github.com/Azure/azure-sdk-for-go/sdk/azidentity"
)

func main() {
	options := &azidentity.DefaultAzureCredentialOptions{}
	// a refusal is to be seen at once, not after half a minute of repeats
	options.Retry.MaxRetries = -1
	credential, err := azidentity.NewDefaultAzureCredential(options)
	if err != nil {
		fail(err)
	}
	for _, scope := range os.Args[1:] {
		token, err := credential.GetToken(context.Background(), policy.TokenRequestOptions{Scopes: []string{scope}})
		if err != nil {
			fail(err)
		}
		fmt.Println(token.Token)
	}
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}
