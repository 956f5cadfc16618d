import type * as pulumi from "@pulumi/pulumi";

/** Where a component's resources are made. */
export interface Scope {
  readonly resourceGroupName: pulumi.Input<string>;
  readonly location: string;
}
