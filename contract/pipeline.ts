import type { Json } from "./json.js";

/** A pipeline as Synapse stores it under `properties` (Synapse artifacts API, 2020-12-01). Unknown keys are kept. */
export interface PipelineDefinition {
  readonly description?: string;
  readonly activities: readonly ActivityDefinition[];
  readonly parameters?: Readonly<Record<string, ParameterDefinition>>;
  readonly variables?: Readonly<Record<string, VariableDefinition>>;
  readonly concurrency?: number;
  readonly annotations?: readonly Json[];
  /** Values, often expressions, by which monitors group the runs. */
  readonly runDimensions?: Readonly<Record<string, Json>>;
  readonly folder?: { readonly name: string };
}

export type ParameterType = "Object" | "String" | "Int" | "Float" | "Bool" | "Array" | "SecureString";

export interface ParameterDefinition {
  readonly type: ParameterType;
  readonly defaultValue?: Json;
}

export type VariableType = "String" | "Bool" | "Boolean" | "Integer" | "Array";

export interface VariableDefinition {
  readonly type: VariableType;
  readonly defaultValue?: Json;
}

export type DependencyCondition = "Succeeded" | "Failed" | "Skipped" | "Completed";

export interface ActivityDependency {
  readonly activity: string;
  readonly dependencyConditions: readonly DependencyCondition[];
}

/** Times are `d.hh:mm:ss`. */
export interface ActivityPolicy {
  readonly timeout?: string;
  readonly retry?: number;
  /** 30 to 86,400 */
  readonly retryIntervalInSeconds?: number;
  readonly secureInput?: boolean;
  readonly secureOutput?: boolean;
}

export interface ActivityDefinition {
  readonly name: string;
  readonly type: string;
  readonly description?: string;
  readonly dependsOn?: readonly ActivityDependency[];
  readonly userProperties?: readonly { readonly name: string; readonly value: Json }[];
  readonly policy?: ActivityPolicy;
  readonly state?: "Active" | "Inactive";
  readonly onInactiveMarkAs?: "Succeeded" | "Failed" | "Skipped";
  readonly typeProperties?: Readonly<Record<string, Json>>;
}

/** `{"value": "@…", "type": "Expression"}`: how a definition marks an expression. */
export interface ExpressionValue {
  readonly value: string;
  readonly type: "Expression";
}
