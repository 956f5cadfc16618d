import { hostNames } from "../../../contract/hosts.js";
import { subscription } from "../../platform/subscription.js";
import { refusals } from "./errors.js";

const origin = `https://${hostNames.login}`;
const aliases = ["login.microsoftonline.com", "login.windows.net", "login.microsoft.com", "sts.windows.net"];

/** OpenID Connect's discovery document of a tenant or of `common` (v2 endpoints). */
export function openIdConfigurationV2(tenant: string) {
  return {
    ...sharedConfiguration(tenant),
    token_endpoint: `${origin}/${tenant}/oauth2/v2.0/token`,
    jwks_uri: `${origin}/${tenant}/discovery/v2.0/keys`,
    issuer: `${origin}/${issuingTenant(tenant)}/v2.0`,
    authorization_endpoint: `${origin}/${tenant}/oauth2/v2.0/authorize`,
    device_authorization_endpoint: `${origin}/${tenant}/oauth2/v2.0/devicecode`,
    end_session_endpoint: `${origin}/${tenant}/oauth2/v2.0/logout`,
  };
}

/** The same for the v1 endpoints. */
export function openIdConfigurationV1(tenant: string) {
  return {
    ...sharedConfiguration(tenant),
    token_endpoint: `${origin}/${tenant}/oauth2/token`,
    jwks_uri: `${origin}/${tenant}/discovery/keys`,
    issuer: `https://sts.windows.net/${issuingTenant(tenant)}/`,
    authorization_endpoint: `${origin}/${tenant}/oauth2/authorize`,
    device_authorization_endpoint: `${origin}/${tenant}/oauth2/devicecode`,
    end_session_endpoint: `${origin}/${tenant}/oauth2/logout`,
  };
}

function sharedConfiguration(tenant: string) {
  return {
    token_endpoint_auth_methods_supported: ["client_secret_post", "client_secret_basic"],
    response_modes_supported: ["query", "fragment", "form_post"],
    subject_types_supported: ["pairwise"],
    id_token_signing_alg_values_supported: ["RS256"],
    response_types_supported: ["code", "id_token", "code id_token", "id_token token"],
    scopes_supported: ["openid", "profile", "email", "offline_access"],
    tenant_region_scope: tenant === subscription.tenantId ? "NA" : null,
    cloud_instance_name: "microsoftonline.com",
    cloud_graph_host_name: "graph.windows.net",
    msgraph_host: hostNames.graph,
  };
}

/** Documents that are not a tenant's have Entra ID's literal placeholder. */
function issuingTenant(tenant: string): string {
  return tenant === subscription.tenantId ? tenant : "{tenantid}";
}

/** Instance discovery: which hosts are one and the same cloud. Throws a `SignInError` for a host that is not of it. */
export function instanceDiscovery(authorizationEndpoint: string, apiVersion: string) {
  const endpoint = URL.canParse(authorizationEndpoint) ? new URL(authorizationEndpoint) : undefined;
  if (!endpoint || !aliases.includes(endpoint.host)) throw refusals.unknownInstance();
  const tenant = endpoint.pathname.split("/")[1] || "common";
  return {
    tenant_discovery_endpoint: `${origin}/${tenant}/v2.0/.well-known/openid-configuration`,
    "api-version": apiVersion,
    metadata: [{ preferred_network: hostNames.login, preferred_cache: "login.windows.net", aliases }],
  };
}
