import type { JsonObject } from "../core/json.ts";
import type { Failure, WireContext } from "../core/turn.ts";

export function checkResponses(_body: JsonObject, _context: WireContext): Failure | undefined {
  return undefined;
}
