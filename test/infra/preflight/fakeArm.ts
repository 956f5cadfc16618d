import type { Arm, Said } from "../../../infra/preflight/arm.js";

/** Answers by path: JSON, a refusal, or (undefined, the default) that there is no such thing. */
export type Answers = Readonly<Record<string, unknown>>;

/** Resource Manager with these answers, keyed by `GET <path>` or `POST <path>`; it keeps what it was asked. */
export function fakeArm(answers: Answers): Arm & { readonly asked: readonly string[] } {
  const asked: string[] = [];
  const say = (line: string): Said => {
    asked.push(line);
    const answer = answers[line];
    if (answer === undefined) return { kind: "nothing" };
    if (answer instanceof Error) return { kind: "refusal", code: "AuthorizationFailed", message: answer.message };
    return { kind: "answer", json: answer };
  };
  return {
    asked,
    get: async (path) => say(`GET ${path}`),
    post: async (path, _apiVersion, body) => say(`POST ${path} ${JSON.stringify(body)}`),
  };
}
