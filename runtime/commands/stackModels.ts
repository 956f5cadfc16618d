import { exitCodes, ProgramError } from "../../contract/errors.js";
import type { StackOutputs } from "../../contract/stackOutputs.js";
import { createTokenSource } from "../auth/credential.js";
import type { HttpClient } from "../http/client.js";
import { HttpError } from "../http/errors.js";
import {
  type DeployedModel,
  type PresentDeployment,
  readDeployment,
  readModel,
} from "../machineLearning/deployedModel.js";
import { openResourceManager, type ResourceManager } from "../machineLearning/resourceManager.js";
import { findStack, type StackSelection } from "../stack/findStack.js";
import type { CommandContext } from "./context.js";
import { recordedTokens } from "./session.js";

/** The deployed stack, and the model that scores there now. */
export interface StackModels {
  readonly outputs: StackOutputs;
  readonly arm: ResourceManager;
  readonly deployment: PresentDeployment;
  readonly model: DeployedModel;
}

/** Why there is no present model to compare with. */
export interface NoStack {
  readonly reason: ProgramError;
}

interface Connections {
  readonly http: HttpClient;
  readonly context: CommandContext;
}

/** Resource Manager as the signed-in identity; a 403 names the role that models need. */
export function openArm({ http, context }: Connections): ResourceManager {
  const tokens = recordedTokens(context.tokens ?? createTokenSource(context), context.secrets);
  const arm = openResourceManager({ http, tokens, clock: context.clock, signal: context.signal });
  return {
    get: (id) => arm.get(id).catch(namingRole),
    put: (id, body) => arm.put(id, body).catch(namingRole),
    ask: (id, action) => arm.ask(id, action).catch(namingRole),
  };
}

/** Azure's own sentence names the action that is missing, not the role that allows it. */
function namingRole(thrown: unknown): never {
  if (!isForbidden(thrown)) throw thrown;
  throw new ProgramError(thrown.exitCode, thrown.message, {
    cure: "give this identity the role AzureML Data Scientist on the machine learning workspace: the stack's operators have it",
    cause: thrown,
  });
}

const isForbidden = (thrown: unknown): thrown is HttpError => thrown instanceof HttpError && thrown.status === 403;

/** The outputs of the deployed stack; without one, the reason. */
export async function readStack(selection: StackSelection, context: CommandContext): Promise<StackOutputs | NoStack> {
  try {
    return await findStack(selection, context);
  } catch (thrown) {
    if (thrown instanceof ProgramError && thrown.exitCode === exitCodes.usage) return { reason: thrown };
    throw thrown;
  }
}

/** A stack's present model; without a deployment, or without the right to read it, the reason. Other errors reject. */
export async function openStack(outputs: StackOutputs, connections: Connections): Promise<StackModels | NoStack> {
  const { context } = connections;
  try {
    const arm = openArm(connections);
    const deployment = await readDeployment(outputs, arm);
    return { outputs, arm, deployment, model: await readModel(deployment, arm, context) };
  } catch (thrown) {
    const isReason =
      thrown instanceof ProgramError && (thrown.exitCode === exitCodes.usage || isForbidden(thrown.cause));
    if (isReason) return { reason: thrown };
    throw thrown;
  }
}
