/** The ARM id of the container that holds the input. */
export function containerId({ subscriptionId, resourceGroup, inputUrl }) {
  const { hostname, pathname } = new URL(inputUrl);
  const account = hostname.split(".")[0];
  const storage = `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}/providers/Microsoft.Storage`;
  return `${storage}/storageAccounts/${account}/blobServices/default/containers${pathname}`;
}
