import type { RateLimit } from "../ir/response.ts";
import type { Clock } from "../transport/clock.ts";
import { RATE_LIMIT_PREFIXES, readRateLimit } from "../transport/rate-limit.ts";

/** What the headers of an answer tell. */
export interface AnswerHead {
  readonly contentType: string;
  /** The provider's id of the request. */
  readonly requestId: string | undefined;
  readonly rateLimit: RateLimit | undefined;
}

/** The names under which providers send the id of a request, the preferred one first. */
const REQUEST_IDS = ["x-request-id", "request-id", "x-amzn-requestid", "cf-ray"];

/** Reads the headers in one pass: looking a dozen of them up by name costs more than all else that is done for an answer. */
export function readHead(headers: Headers, clock: Clock): AnswerHead {
  let contentType = "";
  let requestId: string | undefined;
  let rank = REQUEST_IDS.length;
  let limits: (typeof RATE_LIMIT_PREFIXES)[number] | undefined;
  for (const [name, value] of headers) {
    if (name === "content-type") contentType = value;
    else if (limits === undefined && name.includes("-ratelimit-")) limits = RATE_LIMIT_PREFIXES.find((prefix) => name.startsWith(prefix));
    else {
      const place = REQUEST_IDS.indexOf(name);
      if (place !== -1 && place < rank) [requestId, rank] = [value, place];
    }
  }
  return { contentType, requestId, rateLimit: limits === undefined ? undefined : readRateLimit(headers, limits, clock.now()) };
}
