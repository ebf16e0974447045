import type { JSONObject } from "../../ir/json.ts";
import type { Target } from "../../ir/target.ts";
import type { EncodeContext } from "../codec.ts";
import { takeInstructions } from "./encode-input.ts";
import { encodeSettings, mergeOptions } from "./settings.ts";
import { ID, isObject, maybe, NATIVE, type Wire } from "./wire.ts";

/** What the client sees of its own request, with the defaults of the API; a null stands where the published schema allows it. */
const ECHO: JSONObject = {
  access_programs: null,
  background: false,
  completed_at: null,
  error: null,
  frequency_penalty: 0,
  incomplete_details: null,
  instructions: null,
  max_output_tokens: null,
  max_tool_calls: null,
  metadata: {},
  parallel_tool_calls: true,
  presence_penalty: 0,
  previous_response_id: null,
  prompt_cache_key: null,
  reasoning: null,
  safety_identifier: null,
  service_tier: "default",
  store: true,
  temperature: 1,
  text: null,
  tool_choice: "auto",
  tools: [],
  top_logprobs: 0,
  top_p: 1,
  truncation: "disabled",
};

/** Stands for the API itself, so that a request is echoed in the words it came in. */
const CLIENT: Target = {
  codec: ID,
  provider: NATIVE,
  family: NATIVE,
  model: "",
  quirks: {},
  traits: {},
  optionKeys: [ID],
  unsupported: "drop",
};

/** The fields of a response that echo its request. */
export function encodeEcho({ client: { request } }: EncodeContext): Wire {
  const { instructions, rest } = takeInstructions(request.messages.slice(0, 1));
  const settings = encodeSettings(request, CLIENT, []);
  Object.assign(settings, mergeOptions(settings, request.providerOptions?.[ID]), maybe("store", request.store));
  if (rest > 0) settings["instructions"] = instructions;
  const echo: Wire = {};
  for (const key of Object.keys(ECHO)) echo[key] = settings[key] ?? ECHO[key];
  if (settings["user"] !== undefined) echo["user"] = settings["user"];
  echo["reasoning"] = { effort: null, summary: null, ...(isObject(echo["reasoning"]) && echo["reasoning"]) };
  echo["text"] = { format: { type: "text" }, ...(isObject(echo["text"]) && echo["text"]) };
  return echo;
}
