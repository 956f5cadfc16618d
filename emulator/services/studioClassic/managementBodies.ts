import type { Json, JsonObject } from "../../../contract/json.js";
import { type BlobReferenceBody, blobReference } from "./blobReference.js";
import type { Endpoint } from "./endpoints.js";
import { endpointUrl, workspace } from "./workspace.js";

/** The web service as the management host answers it. */
export function webServiceBody(endpointCount: number): JsonObject {
  const { id, name, createdAt } = workspace.webService;
  return {
    Id: id,
    Name: name,
    Description: "",
    CreationTime: createdAt,
    WorkspaceId: workspace.id,
    DefaultEndpointName: workspace.defaultEndpoint.name,
    EndpointCount: endpointCount,
  };
}

/** An endpoint as the management host answers it, with its keys. */
export function endpointBody(endpoint: Endpoint): JsonObject {
  const address = endpointUrl(endpoint.id);
  return {
    Name: endpoint.name,
    Description: endpoint.description,
    CreationTime: endpoint.createdAt,
    WorkspaceId: workspace.id,
    WebServiceId: workspace.webService.id,
    HelpLocation: `${address}/swagger.json`,
    PrimaryKey: endpoint.primaryKey,
    SecondaryKey: endpoint.secondaryKey,
    ApiLocation: address,
    Resources: [{ Name: workspace.trainedModel, Kind: "TrainedModel", Location: locationOf(endpoint.model) }],
    Version: "1",
    PreventUpdate: endpoint.preventUpdate,
    MaxConcurrentCalls: endpoint.maxConcurrentCalls,
    ThrottleLevel: endpoint.throttleLevel,
  };
}

/** Where the model was taken from, without the caller's key or signature. */
function locationOf(model: BlobReferenceBody | undefined): Json {
  if (!model) return null;
  const { baseLocation, relativeLocation } = blobReference(workspace.trainedModel, model);
  return { BaseLocation: baseLocation, RelativeLocation: relativeLocation, SasBlobToken: null };
}
