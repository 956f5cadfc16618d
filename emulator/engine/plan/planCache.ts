import { type PipelineSource, planPipeline } from "../plan.js";
import type { Plan } from "./planned.js";

/** Far more than a workspace has pipelines that run at once. */
const maxKept = 500;

/** `planPipeline` that plans a definition once, however many runs there are of it; they share the plan. */
export function planCache(): (source: PipelineSource, name: string) => Plan {
  const byText = new Map<string, Plan>();
  const byDefinition = new WeakMap<PipelineSource, Plan>();
  return (source, name) => {
    const own = byDefinition.get(source);
    if (own?.name === name) return own;
    const key = JSON.stringify([name, source]);
    const known = byText.get(key);
    if (known) return known;
    const plan = planPipeline(source, name);
    if (byText.size >= maxKept) byText.clear();
    byText.set(key, plan);
    byDefinition.set(plan.definition, plan);
    return plan;
  };
}
