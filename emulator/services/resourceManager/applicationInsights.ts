import type { JsonObject } from "../../../contract/json.js";
import { AzureError } from "../../platform/errors.js";
import { objectAt, propertiesOf } from "../../platform/json.js";
import type { Platform } from "../../platform/platform.js";
import type { PutRequest, ResourceType } from "../../platform/resourceType.js";
import { subscription } from "../../platform/subscription.js";
import { armErrors } from "./errors.js";
import { relativeId } from "./locate.js";
import { networkAccess } from "./networkAccess.js";

const retentions = [30, 60, 90, 120, 180, 270, 365, 550, 730];
const modes = ["LogAnalytics", "ApplicationInsights", "ApplicationInsightsWithDiagnosticSettings"];

/** Microsoft.Insights/components (2020-02-02): Application Insights on a Log Analytics workspace. */
export function applicationInsights(platform: Platform): ResourceType {
  return {
    type: "Microsoft.Insights/components",
    putStyle: "synchronous",
    tracked: true,
    prepare: (request) => prepared(platform, request),
  };
}

function prepared({ resources, ids, clock }: Platform, request: PutRequest): JsonObject {
  const { name, body, existing } = request;
  const given = objectAt(body, "properties");
  const before = propertiesOf(existing);
  if (typeof body["kind"] !== "string") throw badRequest("The member 'kind' is required.");
  if (given["Application_Type"] !== "web" && given["Application_Type"] !== "other") {
    throw badRequest("'properties.Application_Type' must be 'web' or 'other'.");
  }
  const workspace = given["WorkspaceResourceId"];
  // a component without a workspace is a classic one, retired on 29 February 2024
  if (typeof workspace !== "string")
    throw badRequest("'properties.WorkspaceResourceId' is required: classic components are retired.");
  const found = resources.get(workspace);
  if (!found) throw armErrors.resourceNotFound(relativeId(workspace), workspace.split("/")[4] ?? "");
  if (found.type !== "Microsoft.OperationalInsights/workspaces") {
    throw badRequest(`'properties.WorkspaceResourceId' is '${workspace}': it must be a Log Analytics workspace.`);
  }
  if (!/^[^%&\\?/]{1,260}$/.test(name) || /[ .]$/.test(name)) {
    throw badRequest(
      `The name '${name}' is not valid: 1 to 260 characters without %&\\?/, not ending with a space or a period.`,
    );
  }
  if (!retentions.includes(Number(given["RetentionInDays"] ?? 90))) {
    throw badRequest(`'properties.RetentionInDays' must be one of ${retentions.join(", ")}.`);
  }
  if (!modes.includes(String(given["IngestionMode"] ?? "LogAnalytics"))) {
    throw badRequest(`'properties.IngestionMode' must be one of ${modes.join(", ")}.`);
  }
  const instrumentationKey = String(before["InstrumentationKey"] ?? ids.uuid());
  const appId = String(before["AppId"] ?? ids.uuid());
  const location = String(body["location"]);
  const endpoints = `IngestionEndpoint=https://${location}-1.in.applicationinsights.azure.com/;LiveEndpoint=https://${location}.livediagnostics.monitor.azure.com/`;
  return {
    kind: body["kind"],
    etag: `"${ids.uuid()}"`,
    properties: {
      ...given,
      ApplicationId: name,
      AppId: appId,
      Name: name,
      InstrumentationKey: instrumentationKey,
      ConnectionString: `InstrumentationKey=${instrumentationKey};${endpoints};ApplicationId=${appId}`,
      CreationDate: before["CreationDate"] ?? clock.now().toISOString(),
      TenantId: subscription.subscriptionId,
      RetentionInDays: given["RetentionInDays"] ?? 90,
      Flow_Type: given["Flow_Type"] ?? "Bluefield",
      IngestionMode: given["IngestionMode"] ?? "LogAnalytics",
      ...networkAccess(given, "BadRequest"),
      provisioningState: "Succeeded",
      Ver: "v2",
    },
  };
}

const badRequest = (message: string) => new AzureError(400, "BadRequest", message);
