/** What happens to a resource while it is deployed; the caller prints it. */
export interface DeployEvent {
  readonly kind: "started" | "created" | "updated" | "replaced" | "unchanged" | "deleted" | "forgotten" | "failed";
  /** The Pulumi type token: `azure-native:keyvault:Vault`. */
  readonly type: string;
  readonly name: string;
  readonly urn: string;
  /** Zero for `started` and `unchanged`. */
  readonly milliseconds: number;
}

/** How many resources a deployment created (replaced ones too), updated, deleted and left as they were. */
export interface Changes {
  created: number;
  updated: number;
  deleted: number;
  unchanged: number;
}

const counters: Readonly<Record<DeployEvent["kind"], keyof Changes | undefined>> = {
  created: "created",
  replaced: "created",
  updated: "updated",
  deleted: "deleted",
  unchanged: "unchanged",
  started: undefined,
  forgotten: undefined,
  failed: undefined,
};

/** Adds an event to the count. */
export function count(changes: Changes, event: DeployEvent): void {
  const counter = counters[event.kind];
  if (counter) changes[counter] += 1;
}
