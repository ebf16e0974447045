import type { JSONObject } from "../../ir/json.ts";
import type { ModelRequest } from "../../ir/request.ts";
import type { Warning } from "../../ir/response.ts";
import { optionsFor, type Target } from "../../ir/target.ts";
import type { EncodedRequest } from "../codec.ts";
import { encodeInput, takeInstructions } from "./encode-input.ts";
import { encodeSettings, lacksJsonSchema, LOGPROBS, mergeOptions } from "./settings.ts";
import { maybe } from "./wire.ts";

const ENCRYPTED = "reasoning.encrypted_content";

/**
 * The body for `POST /responses`. Nothing is left to the provider's memory: `store` is false unless the request says otherwise,
 * reasoning comes back encrypted for the next turn, and neither `previous_response_id` nor an item reference is ever made here.
 */
export function encodeRequest(request: ModelRequest, target: Target, stream: boolean): EncodedRequest {
  const warnings: Warning[] = [];
  const { quirks, traits } = target;
  const { instructions, rest } = takeInstructions(request.messages);
  const input = encodeInput(request, rest, target, warnings);
  const settings = encodeSettings(request, target, warnings);
  const store = quirks.stateless ? undefined : (request.store ?? false);
  const include: string[] = store === false && traits.reasoning === true ? [ENCRYPTED] : [];
  if (request.logprobs === true) include.push(LOGPROBS);

  const options = mergeOptions(settings, optionsFor(request.providerOptions, target));
  if (Array.isArray(options["include"])) include.push(...(options["include"] as string[]));
  const included = [...new Set(include)].filter((each) => each !== ENCRYPTED || traits.reasoning !== false);
  delete options["include"];

  const body: JSONObject = {
    model: target.model,
    ...maybe("instructions", withSchema(instructions, request, target)),
    input,
    ...settings,
    ...maybe("store", store),
    ...(included.length > 0 && { include: included }),
    ...(stream && { stream }),
    ...options,
  };
  return { path: "/responses", body, warnings };
}

/** Where the target enforces no schema, the instructions ask for it. */
function withSchema(instructions: string | undefined, { output }: ModelRequest, target: Target): string | undefined {
  if (output?.type !== "json" || output.schema === undefined || !lacksJsonSchema(target)) return instructions;
  const asked = `Answer with JSON only, which must fit this JSON Schema:\n${JSON.stringify(output.schema)}`;
  return instructions === undefined ? asked : `${instructions}\n\n${asked}`;
}
