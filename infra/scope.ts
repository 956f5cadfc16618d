import type * as pulumi from "@pulumi/pulumi";

/** Where a component's resources are made. */
export interface Scope {
  readonly resourceGroupName: pulumi.Input<string>;
  readonly location: pulumi.Input<string>;
}

/** Options of what is inside a resource: the end of a resource that the program made is the end of all that is in it. */
export type Inside = Pick<pulumi.CustomResourceOptions, "deletedWith" | "dependsOn">;
