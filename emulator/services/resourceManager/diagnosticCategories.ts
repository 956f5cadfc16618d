interface Categories {
  readonly logs: readonly string[];
  readonly metrics: readonly string[];
}

const metrics = ["AllMetrics"];

/** Azure Monitor's categories by resource type in lower case; a type that is not here has no diagnostic settings. */
export const diagnosticCategories: Readonly<Record<string, Categories>> = {
  "microsoft.keyvault/vaults": { logs: ["AuditEvent", "AzurePolicyEvaluationDetails"], metrics },
  "microsoft.synapse/workspaces": {
    logs: [
      "SynapseRbacOperations",
      "GatewayApiRequests",
      "BuiltinSqlReqsEnded",
      "IntegrationPipelineRuns",
      "IntegrationActivityRuns",
      "IntegrationTriggerRuns",
      "SQLSecurityAuditEvents",
      "SynapseLinkEvent",
    ],
    metrics,
  },
  "microsoft.machinelearningservices/workspaces": {
    logs: [
      ...["AmlComputeClusterEvent", "AmlComputeClusterNodeEvent", "AmlComputeCpuGpuUtilization", "AmlComputeJobEvent"],
      ...["AmlRunStatusChangedEvent", "ComputeInstanceEvent", "DataLabelChangeEvent", "DataLabelReadEvent"],
      ...["DataSetChangeEvent", "DataSetReadEvent", "DataStoreChangeEvent", "DataStoreReadEvent"],
      ...["DeploymentEventACI", "DeploymentEventAKS", "DeploymentReadEvent", "EnvironmentChangeEvent"],
      ...["EnvironmentReadEvent", "InferencingOperationACI", "InferencingOperationAKS", "ModelsActionEvent"],
      ...[
        "ModelsChangeEvent",
        "ModelsReadEvent",
        "PipelineChangeEvent",
        "PipelineReadEvent",
        "RunEvent",
        "RunReadEvent",
      ],
    ],
    metrics,
  },
  "microsoft.storage/storageaccounts": { logs: [], metrics: ["Transaction", "Capacity", ...metrics] },
  "microsoft.storage/storageaccounts/blobservices": {
    logs: ["StorageRead", "StorageWrite", "StorageDelete"],
    metrics: ["Transaction", "Capacity", ...metrics],
  },
  "microsoft.insights/components": {
    logs: [
      ...["AppAvailabilityResults", "AppBrowserTimings", "AppEvents", "AppMetrics", "AppDependencies", "AppExceptions"],
      ...["AppPageViews", "AppPerformanceCounters", "AppRequests", "AppSystemEvents", "AppTraces"],
    ],
    metrics,
  },
  "microsoft.operationalinsights/workspaces": { logs: ["Audit", "SummaryLogs"], metrics },
};
