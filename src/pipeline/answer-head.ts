import type { RateLimit } from "../ir/response.ts";
import type { Clock } from "../transport/clock.ts";
import { RATE_LIMIT_PREFIXES, readRateLimit } from "../transport/rate-limit.ts";

/** What the headers of an answer tell. */
export interface AnswerHead {
  readonly contentType: string;
  /** The provider's id of the request. */
  readonly requestId: string | undefined;
  readonly rateLimit: RateLimit | undefined;
  /** US dollars that a proxy of LiteLLM says the answer cost; it says 0 where it does not know. */
  readonly reportedCost?: number;
}

/** The names under which providers send the id of a request, the preferred one first. */
const REQUEST_IDS = ["x-request-id", "request-id", "x-amzn-requestid", "cf-ray"];

/** Reads the headers in one pass: looking a dozen of them up by name costs more than all else that is done for an answer. */
export function readHead(fields: Iterable<readonly [name: string, value: string]>, clock: Clock): AnswerHead {
  let contentType = "";
  let requestId: string | undefined;
  let rank = REQUEST_IDS.length;
  let limits: Map<string, string> | undefined;
  let reportedCost = 0;
  for (const [name, value] of fields) {
    if (name === "content-type") contentType = value;
    else if (name === "x-litellm-response-cost") reportedCost = Number(value);
    else if (name.includes("-ratelimit-")) (limits ??= new Map()).set(name, value);
    else {
      const place = REQUEST_IDS.indexOf(name);
      if (place !== -1 && place < rank) [requestId, rank] = [value, place];
    }
  }
  const head = { contentType, requestId, rateLimit: limits && limitOf(limits, clock.now()) };
  return reportedCost > 0 ? { ...head, reportedCost } : head;
}

function limitOf(limits: ReadonlyMap<string, string>, now: number): RateLimit | undefined {
  for (const prefix of RATE_LIMIT_PREFIXES) {
    const limit = readRateLimit(limits, prefix, now);
    if (limit !== undefined) return limit;
  }
  return undefined;
}
