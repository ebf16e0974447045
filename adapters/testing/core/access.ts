import type { SimulatorOptions, Wire } from "../types.ts";
import type { Failure } from "./turn.ts";

/** The key of a request, from where its provider looks for one. */
function keyOf(wire: Wire, url: URL, headers: Readonly<Record<string, string>>): string {
  const bearer = /^Bearer\s+(.+)$/i.exec(headers["authorization"] ?? "")?.[1] ?? "";
  if (wire === "anthropic-messages") return headers["x-api-key"] ?? bearer;
  if (wire !== "gemini") return bearer || (headers["api-key"] ?? "");
  const onVertex = url.pathname.includes("/projects/");
  return headers["x-goog-api-key"] ?? url.searchParams.get("key") ?? (onVertex ? bearer : "");
}

/** Refuses a missing or wrong key as the provider does. */
export function checkKey(options: SimulatorOptions, wire: Wire, url: URL, headers: Readonly<Record<string, string>>): Failure | undefined {
  const key = keyOf(wire, url, headers);
  const right = options.apiKey === undefined ? key !== "" && key !== "wrong" && !key.startsWith("wrong-") : key === options.apiKey;
  if (right) return undefined;
  if (wire === "anthropic-messages")
    return { status: 401, type: "authentication_error", message: key === "" ? "x-api-key header is required" : "invalid x-api-key" };
  if (wire === "gemini") return geminiRefusal(key);
  return {
    status: 401,
    type: "invalid_request_error",
    code: key === "" ? null : "invalid_api_key",
    message:
      key === ""
        ? "You didn't provide an API key. You need to provide your API key in an Authorization header using Bearer auth."
        : `Incorrect API key provided: ${mask(key)}. You can find your API key at https://platform.openai.com/account/api-keys.`,
  };
}

function mask(key: string): string {
  return key.length < 8 ? key[0] + "*".repeat(key.length - 1) : `${key.slice(0, 3)}${"*".repeat(key.length - 7)}${key.slice(-4)}`;
}

/** Google answers a bad key with 400 and names it in the details; without any key, with 403. */
function geminiRefusal(key: string): Failure {
  if (key === "")
    return {
      status: 403,
      type: "PERMISSION_DENIED",
      message:
        "Method doesn't allow unregistered callers (callers without established identity). Please use API Key or other form of API consumer identity to call this API.",
    };
  const details = [
    {
      "@type": "type.googleapis.com/google.rpc.ErrorInfo",
      reason: "API_KEY_INVALID",
      domain: "googleapis.com",
      metadata: { service: "generativelanguage.googleapis.com" },
    },
  ];
  return { status: 400, type: "INVALID_ARGUMENT", message: "API key not valid. Please pass a valid API key.", details };
}

/** The provider's words for a model it does not have. */
export function missingModel(wire: Wire, model: string): Failure {
  if (wire === "anthropic-messages") return { status: 404, type: "not_found_error", message: `model: ${model}` };
  if (wire === "gemini")
    return {
      status: 404,
      type: "NOT_FOUND",
      message: `models/${model} is not found for API version v1beta, or is not supported for generateContent. Call ListModels to see the list of available models and their supported methods.`,
    };
  return {
    status: 404,
    type: "invalid_request_error",
    code: "model_not_found",
    param: wire === "openai-responses" ? "model" : null,
    message: `The model \`${model}\` does not exist or you do not have access to it.`,
  };
}
