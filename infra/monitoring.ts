import * as applicationinsights from "@pulumi/azure-native/applicationinsights/index.js";
import * as monitor from "@pulumi/azure-native/monitor/index.js";
import * as operationalinsights from "@pulumi/azure-native/operationalinsights/index.js";
import * as pulumi from "@pulumi/pulumi";
import { PurgeOnDelete } from "./dataplane/purgeOnDelete.js";
import type { Inside, Scope } from "./scope.js";

/** Name of the log store, and whether a destroy frees it. */
export interface MonitoringArgs extends Scope {
  readonly logAnalyticsName: string;
  readonly purgeOnDestroy: boolean;
}

/** Where services send their logs. */
export interface Logs {
  readonly workspaceId: pulumi.Output<string>;
  readonly inside: Inside;
}

/** A Log Analytics workspace and what writes to it. */
export class Monitoring extends pulumi.ComponentResource {
  readonly logs: Logs;
  private readonly scope: Scope;

  constructor(name: string, args: MonitoringArgs, options?: pulumi.ComponentResourceOptions) {
    super("synapse-batch:infra:Monitoring", name, {}, options);
    const { resourceGroupName, location } = args;
    const workspace = new operationalinsights.Workspace(
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
    // all that uses the workspace comes after this, so that a destroy removes it last before the workspace
    const purge = new PurgeOnDelete(
      "logs-purge",
      { kind: "logAnalyticsWorkspace", resourceId: workspace.id, purge: args.purgeOnDestroy },
      { parent: this },
    );
    this.logs = { workspaceId: workspace.id, inside: { dependsOn: purge } };
    this.scope = { resourceGroupName, location };
    this.registerOutputs({ logsId: workspace.id });
  }

  /** The Application Insights component that a machine learning workspace reports to. */
  componentFor(resourceName: string): applicationinsights.Component {
    return new applicationinsights.Component(
      "insights",
      {
        ...this.scope,
        resourceName,
        kind: "web",
        applicationType: "web",
        ingestionMode: "LogAnalytics",
        workspaceResourceId: this.logs.workspaceId,
      },
      { parent: this, ...this.logs.inside },
    );
  }
}

/** Sends these categories of a resource's log to the log store, each into a table of its own. */
export function logged(
  name: string,
  logs: Logs,
  resourceUri: pulumi.Input<string>,
  categories: readonly string[],
  options: pulumi.CustomResourceOptions,
): void {
  new monitor.DiagnosticSetting(
    name,
    {
      name: "synapse-batch",
      resourceUri,
      workspaceId: logs.workspaceId,
      logAnalyticsDestinationType: "Dedicated",
      logs: categories.map((category) => ({ category, enabled: true })),
    },
    { ...options, ...logs.inside },
  );
}
