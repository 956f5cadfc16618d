/** What a cure may speak of: names and pages of the stack. */
export interface CureContext {
  readonly synapseStudioUrl: string;
  readonly machineLearningStudioUrl: string;
  /** Undefined for a workspace that no stack of this program has made. */
  readonly keyVault: string | undefined;
  /** What is typed to deploy the stack anew. Default: `pulumi up`. */
  readonly deployLine?: string | undefined;
}

/** The failure of one activity, as far as a cure depends on it. */
export interface CureSubject {
  readonly type: string;
  readonly status: number | undefined;
  readonly code: string | undefined;
  readonly url: string | undefined;
  readonly sentence: string;
}

interface Rule {
  readonly fits: (subject: CureSubject) => boolean;
  readonly cure: (context: CureContext, subject: CureSubject) => string;
}

const host = (subject: CureSubject) => (subject.url === undefined ? "" : hostOf(subject.url));
const deployOf = ({ deployLine = "pulumi up" }: CureContext) => deployLine;
/** The vault that was called, by its host name; else the stack's. */
const vaultOf = ({ keyVault }: CureContext, subject: CureSubject) =>
  /^([^.]+)\.vault\.azure\.net$/.exec(host(subject))?.[1] ?? keyVault ?? "that holds it";
/** What the services' own codes stand for, where a secureOutput hides the status. */
const statusOfCode: Readonly<Record<string, number>> = {
  SecretNotFound: 404,
  TooManyRequests: 429,
  Throttled: 429,
  InternalError: 500,
  InternalServerError: 500,
  server_error: 500,
  ServiceUnavailable: 503,
  temporarily_unavailable: 503,
};
const statusOf = ({ status, code }: CureSubject) => status ?? (code === undefined ? undefined : statusOfCode[code]);
const refusedBy = (suffix: RegExp) => (subject: CureSubject) =>
  suffix.test(host(subject)) && [undefined, 401, 403].includes(statusOf(subject));

/** What a job says of an input file that it cannot read. */
const inputFault =
  /\bRow \d+\b|\b(?:lacks|names) the columns?\b|\bnot UTF-8\b|\bquote\b|The file is empty|header and no rows/;

/** The first rule that fits counts. */
const rules: readonly Rule[] = [
  {
    fits: ({ sentence }) => /AADSTS7000(215|222)/.test(sentence),
    cure: (context, subject) =>
      `the application's secret in the vault ${vaultOf(context, subject)} is wrong or has ended: make a new one (az ad app credential reset) and store it (az keyvault secret set)`,
  },
  {
    fits: ({ sentence }) => /AADSTS/.test(sentence),
    cure: (context, subject) =>
      `check the tenant and the application whose id and secret stand in the vault ${vaultOf(context, subject)}`,
  },
  {
    fits: ({ sentence }) => /address is not authorized|ForbiddenByFirewall/i.test(sentence),
    cure: () =>
      "the vault lets in fixed addresses only, which Web activities do not have: allow public access, roles guard it",
  },
  {
    fits: refusedBy(/\.vault\.azure\.net$/),
    cure: (context, subject) =>
      `the workspace's identity needs the role Key Vault Secrets User on ${vaultOf(context, subject)}: ${deployOf(context)} assigns it; a new role takes a few minutes`,
  },
  {
    fits: (subject) => /\.vault\.azure\.net$/.test(host(subject)) && statusOf(subject) === 404,
    cure: (context, subject) => {
      const vault = vaultOf(context, subject);
      return `the vault ${vault} lacks that secret: az keyvault secret set --vault-name ${vault} --name <name> …`;
    },
  },
  {
    fits: refusedBy(/\.(ml\.azure\.com|azureml\.ms|azureml\.net)$/),
    cure: (context) =>
      `the scoring identity needs the role AzureML Data Scientist on the workspace: ${deployOf(context)} assigns it; a new role takes a few minutes`,
  },
  {
    fits: (subject) => {
      const status = statusOf(subject) ?? 0;
      return status === 429 || status >= 500;
    },
    cure: () => "the service is busy or has a fault of its own: start the run again later",
  },
  {
    fits: ({ type, sentence }) => type === "Fail" && inputFault.test(sentence),
    cure: ({ machineLearningStudioUrl }) =>
      `mend the input file and start again; the job's log: ${machineLearningStudioUrl}`,
  },
  {
    fits: ({ type }) => type === "Fail",
    cure: ({ machineLearningStudioUrl }) => `read the job's log: ${machineLearningStudioUrl}`,
  },
];

/** What to do about a failure, in one sentence; for an unknown one the page that shows the run. */
export function cureOf(subject: CureSubject | undefined, context: CureContext): string {
  const rule = subject === undefined ? undefined : rules.find(({ fits }) => fits(subject));
  return (
    (subject && rule?.cure(context, subject)) ??
    `look at the run's activities in Synapse Studio: ${context.synapseStudioUrl}`
  );
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).hostname.toLowerCase() : "";
}
