import type { ScoringPipelineSettings } from "../../../infra/pipeline/settings.js";

/** One way in which the configuration can want the pipeline. */
export interface Variant extends Pick<ScoringPipelineSettings, "authentication" | "batchApi" | "registerDataset"> {
  readonly secretVersion: "latest" | "pinned";
}

/** Every variant: 2 x 2 x 2 x 3. */
export const variants: readonly Variant[] = (["servicePrincipal", "managedIdentity"] as const).flatMap(
  (authentication) =>
    (["ga", "preview"] as const).flatMap((batchApi) =>
      (["latest", "pinned"] as const).flatMap((secretVersion) =>
        (["attempt", "required", "skip"] as const).map((registerDataset) => ({
          ...{ authentication, batchApi, secretVersion, registerDataset },
        })),
      ),
    ),
);

/** `servicePrincipal, preview, pinned, attempt` */
export const nameOf = ({ authentication, batchApi, secretVersion, registerDataset }: Variant) =>
  [authentication, batchApi, secretVersion, registerDataset].join(", ");
