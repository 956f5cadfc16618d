import { hostSuffixes } from "../../contract/hosts.js";

/** Domains of Azure, its sign-in and its telemetry, in the public and in the sovereign clouds, as Microsoft lists them. */
const domains: readonly string[] = [
  ...Object.values(hostSuffixes).map((suffix) => suffix.slice(1)),
  "azure.com",
  "azure.net",
  "azure.us",
  "azure.cn",
  "azure-api.net",
  "azure-automation.net",
  "azure-devices.net",
  "azurecr.io",
  "azuredatabricks.net",
  "azureedge.net",
  "azurefd.net",
  "azureml.net",
  "azureml.ms",
  "azuresynapse.net",
  "azuresynapse.us",
  "azurewebsites.net",
  "applicationinsights.io",
  "chinacloudapi.cn",
  "cloudapp.net",
  "graph.microsoft.com",
  "graph.microsoft.us",
  "loganalytics.io",
  "login.microsoft.com",
  "microsoftonline.com",
  "microsoftonline.us",
  "microsoftonline-p.com",
  "services.visualstudio.com",
  "trafficmanager.net",
  "usgovcloudapi.net",
  "windows.net",
];

/** Whether a host name (lower case) belongs to Azure, so that a request for it must never leave this machine. */
export function isAzureHost(host: string): boolean {
  return domains.some((domain) => host === domain || host.endsWith(`.${domain}`));
}
