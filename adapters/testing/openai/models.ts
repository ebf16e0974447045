import type { JsonObject } from "../core/json.ts";
import type { Failure } from "../core/turn.ts";
import { invalidRequest } from "./errors.ts";

/** Whether the name is one of OpenAI's own; others stand for a compatible host, which knows more fields. */
export function isOpenAIModel(model: string): boolean {
  return /^(gpt-|o\d|chatgpt-|ft:|codex-|computer-use)/.test(model) && !model.startsWith("gpt-oss");
}

function gpt5Minor(model: string): number | undefined {
  const match = /^gpt-5(?:\.(\d+))?(?!-chat)(?:-|$)/.exec(model);
  return match === null || /^gpt-5(\.\d+)?-chat/.test(model) ? undefined : Number(match[1] ?? 0);
}

/** Models that think before they answer and refuse sampling parameters. */
export function isReasoningModel(model: string): boolean {
  return /^o\d/.test(model) || gpt5Minor(model) !== undefined;
}

function efforts(model: string): readonly string[] {
  const minor = gpt5Minor(model);
  if (/-codex-max|-pro/.test(model)) return ["none", "minimal", "low", "medium", "high", "xhigh", "max"];
  if (minor === undefined) return ["low", "medium", "high"];
  if (minor === 0) return ["minimal", "low", "medium", "high"];
  return minor === 1 ? ["none", "low", "medium", "high"] : ["none", "low", "medium", "high", "xhigh", "max"];
}

/** The neutral value that even a refusing model accepts; everything else is refused. */
const SAMPLING: Readonly<Record<string, number | undefined>> = {
  temperature: 1,
  top_p: 1,
  presence_penalty: 0,
  frequency_penalty: 0,
  logprobs: undefined,
  top_logprobs: undefined,
  logit_bias: undefined,
  stop: undefined,
};

/** Parameters that this model does not take. */
export function modelProblem(
  body: JsonObject,
  model: string,
  effort: { readonly value: unknown; readonly param: string },
): Failure | undefined {
  if (!isOpenAIModel(model)) return undefined;
  if (!isReasoningModel(model)) return effort.value === undefined || effort.value === null ? undefined : unsupported(effort.param);
  const allowed = efforts(model);
  if (typeof effort.value === "string" && !allowed.includes(effort.value)) {
    const values = allowed.map((item) => `'${item}'`).join(", ");
    return invalidRequest(
      `Unsupported value: '${effort.value}' is not supported with the '${model}' model. Supported values are: ${values}.`,
      effort.param,
      "unsupported_value",
    );
  }
  const maySample = effort.value === "none";
  const refused = Object.keys(SAMPLING).find((name) => {
    const value = body[name];
    if (value === undefined || value === null || value === false || value === SAMPLING[name]) return false;
    return !(maySample && (name === "temperature" || name === "top_p"));
  });
  if (refused === undefined) return undefined;
  const fallback = SAMPLING[refused];
  if (fallback === undefined || refused === "top_p") return unsupported(refused);
  return invalidRequest(
    `Unsupported value: '${refused}' does not support ${JSON.stringify(body[refused])} with this model. Only the default (${fallback}) value is supported.`,
    refused,
    "unsupported_value",
  );
}

function unsupported(param: string): Failure {
  return invalidRequest(`Unsupported parameter: '${param}' is not supported with this model.`, param, "unsupported_parameter");
}
