import type { JSONObject } from "../../ir/json.ts";
import type { FinishReason } from "../../ir/response.ts";
import { isObject, string } from "./wire.ts";

const INCOMPLETE: Readonly<Record<string, FinishReason["unified"]>> = { max_output_tokens: "length", content_filter: "content-filter" };

/** The wire has a status and no finish reason: calls of the caller's tools make it `tool-calls`, a refusal `content-filter`. */
export function decodeFinishReason(response: JSONObject, calls: boolean, refused: boolean): FinishReason {
  const status = string(response["status"]) ?? "completed";
  const details = response["incomplete_details"];
  const reason = isObject(details) ? string(details["reason"]) : undefined;
  if (reason !== undefined || status === "incomplete") {
    const raw = reason ?? status;
    return { unified: (Object.hasOwn(INCOMPLETE, raw) && INCOMPLETE[raw]) || "other", raw };
  }
  if (status !== "completed") return { unified: "other", raw: status };
  return { unified: calls ? "tool-calls" : refused ? "content-filter" : "stop", raw: status };
}

/** The fields that say how a response ended. A refusal that was spoken is a completed answer. */
export function encodeStatus({ unified, raw }: FinishReason, refused: boolean): JSONObject {
  const reason = unified === "length" ? "max_output_tokens" : unified === "content-filter" && !refused ? "content_filter" : undefined;
  if (reason !== undefined) return { status: "incomplete", incomplete_details: { reason } };
  if (unified === "error") {
    return { status: "failed", error: { code: "server_error", message: `the model stopped with an error${raw ? `: ${raw}` : ""}` } };
  }
  return { status: "completed" };
}
