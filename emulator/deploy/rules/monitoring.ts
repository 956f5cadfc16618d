import type { ArmRule } from "../armRule.js";
import { inside, named, values } from "../shape.js";
import { provider } from "./paths.js";

const retention = inside(values("days", "enabled"));

/** Log Analytics, Application Insights and diagnostic settings. */
export const monitoringRules: Readonly<Record<string, ArmRule>> = {
  "azure-native:operationalinsights:Workspace": {
    apiVersion: "2023-09-01",
    path: `${provider("Microsoft.OperationalInsights")}/workspaces/{workspaceName}`,
    envelope: { ...values("location"), tags: "map", identity: inside(values("type")) },
    properties: {
      ...values("publicNetworkAccessForIngestion", "publicNetworkAccessForQuery", "retentionInDays"),
      sku: inside(values("capacityReservationLevel", "name")),
      features: inside(
        values(
          "disableLocalAuth",
          "enableDataExport",
          "enableLogAccessUsingOnlyResourcePermissions",
          "immediatePurgeDataOn30Days",
        ),
      ),
      workspaceCapping: inside(values("dailyQuotaGb")),
    },
  },
  "azure-native:applicationinsights:Component": {
    apiVersion: "2020-02-02",
    path: `${provider("Microsoft.Insights")}/components/{resourceName}`,
    envelope: { ...values("location", "kind"), tags: "map" },
    properties: {
      ...values("publicNetworkAccessForIngestion", "publicNetworkAccessForQuery"),
      applicationType: named("Application_Type"),
      flowType: named("Flow_Type"),
      requestSource: named("Request_Source"),
      disableIpMasking: named("DisableIpMasking"),
      hockeyAppId: named("HockeyAppId"),
      immediatePurgeDataOn30Days: named("ImmediatePurgeDataOn30Days"),
      ingestionMode: named("IngestionMode"),
      retentionInDays: named("RetentionInDays"),
      samplingPercentage: named("SamplingPercentage"),
      workspaceResourceId: named("WorkspaceResourceId"),
    },
  },
  "azure-native:monitor:DiagnosticSetting": {
    apiVersion: "2021-05-01-preview",
    path: "{resourceUri}/providers/Microsoft.Insights/diagnosticSettings/{name}",
    envelope: {},
    properties: {
      ...values("logAnalyticsDestinationType", "workspaceId"),
      logs: inside({ ...values("category", "categoryGroup", "enabled"), retentionPolicy: retention }),
      metrics: inside({ ...values("category", "enabled", "timeGrain"), retentionPolicy: retention }),
    },
    replaceable: true,
  },
};
