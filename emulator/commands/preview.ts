import { exitCodes } from "../../contract/errors.js";
import type { Changes, DeployEvent } from "../deploy/deployEvent.js";
import type { ShownChange } from "../deploy/plan.js";
import { isNothing, onStack, type StackCommandOptions } from "./stack.js";

/** What a deployment would do, in the imperative; what it would not touch is left out. */
const actions: Readonly<Partial<Record<DeployEvent["kind"], string>>> = {
  created: "create",
  updated: "update",
  replaced: "replace",
  deleted: "delete",
  forgotten: "forget",
};

/** Longer values are cut on the screen, not in the JSON. */
const longestShown = 160;

/** `emulator preview`: what `emulator deploy` would do now, resource by resource and field by field; nothing is done. */
export async function previewCommand(options: StackCommandOptions & { readonly json?: boolean }): Promise<number> {
  const { log, print } = options;
  return onStack(options, ["preview", ...(options.json ? ["--json"] : [])], async () => {
    const [{ preview }, { loadProgram }] = await Promise.all([
      import("../deploy/deploy.js"),
      import("./joinedStack.js"),
    ]);
    const program = await loadProgram();
    return async ({ settings }) => {
      const steps: DeployEvent[] = [];
      const onEvent = (event: DeployEvent) => {
        if (actions[event.kind]) steps.push(event);
      };
      const show = (changes?: Readonly<Changes>) => {
        if (options.json) print(JSON.stringify({ resources: steps.map(asJson), changes: changes ?? null }));
        else for (const line of steps.flatMap(linesOf)) print(line);
      };
      const { changes } = await preview({ ...settings, program, onEvent }).catch((error: unknown) => {
        show();
        throw error;
      });
      show(changes);
      log(summaryOf(changes));
      return exitCodes.succeeded;
    };
  });
}

function asJson({ kind, type, name, urn, changes = [] }: DeployEvent) {
  return { action: actions[kind], type, name, urn, changes };
}

function linesOf({ kind, type, name, changes = [] }: DeployEvent): readonly string[] {
  return [`  ${(actions[kind] ?? kind).padEnd(8)} ${name}  ${type.replace(/^.*:/, "")}`, ...changes.map(lineOf)];
}

function lineOf({ path, old, new: news }: ShownChange): string {
  if (old === undefined) return `             ${path}: ${cut(news ?? "")} (added)`;
  if (news === undefined) return `             ${path}: ${cut(old)} (removed)`;
  return `             ${path}: ${cut(old)} → ${cut(news)}`;
}

function cut(text: string): string {
  return text.length <= longestShown ? text : `${text.slice(0, longestShown - 1)}…`;
}

function summaryOf(changes: Readonly<Changes>): string {
  if (isNothing(changes)) return `nothing to do: ${changes.unchanged} resources are as the program says`;
  const { created, updated, deleted, unchanged } = changes;
  return `to do: create ${created}, update ${updated}, delete ${deleted}, leave ${unchanged}`;
}
