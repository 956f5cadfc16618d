import * as applicationinsights from "@pulumi/azure-native/applicationinsights/index.js";
import * as operationalinsights from "@pulumi/azure-native/operationalinsights/index.js";
import * as pulumi from "@pulumi/pulumi";
import type { Scope } from "./scope.js";

/** Names of the log store and of the component that machine learning reports to. */
export interface MonitoringArgs extends Scope {
  readonly logAnalyticsName: string;
  readonly applicationInsightsName: string;
}

/** A Log Analytics workspace and the Application Insights component that writes to it. */
export class Monitoring extends pulumi.ComponentResource {
  readonly logs: operationalinsights.Workspace;
  readonly insights: applicationinsights.Component;

  constructor(name: string, args: MonitoringArgs, options?: pulumi.ComponentResourceOptions) {
    super("synapse-batch:infra:Monitoring", name, {}, options);
    const { resourceGroupName, location } = args;
    this.logs = new operationalinsights.Workspace(
      "logs",
      {
        workspaceName: args.logAnalyticsName,
        resourceGroupName,
        location,
        sku: { name: "PerGB2018" },
        retentionInDays: 30,
      },
      { parent: this },
    );
    this.insights = new applicationinsights.Component(
      "insights",
      {
        resourceName: args.applicationInsightsName,
        resourceGroupName,
        location,
        kind: "web",
        applicationType: "web",
        ingestionMode: "LogAnalytics",
        workspaceResourceId: this.logs.id,
      },
      { parent: this },
    );
    this.registerOutputs({ logsId: this.logs.id, insightsId: this.insights.id });
  }
}
