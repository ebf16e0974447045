import { CrosspointError } from "../ir/error.ts";
import type { ModelRequest } from "../ir/request.ts";
import type { ForwardField } from "../options.ts";
import { checkAttribution, mergeAttribution, type Attribution } from "../spend/attribution.ts";

const PREFIX = "x-crosspoint-";

/**
 * Takes the attribution out of a client's request: `user` (or the safety identifier), `metadata`, and the headers `x-crosspoint-user`, `-team`,
 * `-project`, `-session`, `-tags` (a list with commas) and `-metadata-NAME`; headers win. Below all of these is the header
 * `x-crosspoint-attribution`, a whole attribution as JSON. What stays in the request reaches the provider, so only the fields of `forward` do.
 */
export function liftAttribution(
  request: ModelRequest,
  headers: Headers,
  forward: readonly ForwardField[],
): { readonly request: ModelRequest; readonly attribution: Attribution | undefined } {
  const attribution: { -readonly [K in keyof Attribution]: Attribution[K] } = {};
  let lifted = request;
  const user = request.user ?? request.safetyIdentifier;
  if (user !== undefined) attribution.user = user;
  if (request.metadata !== undefined) attribution.metadata = request.metadata;
  for (const field of ["user", "safetyIdentifier", "metadata"] as const) {
    if (lifted[field] === undefined || forward.includes(field)) continue;
    const { [field]: _, ...rest } = lifted;
    lifted = rest;
  }
  headers.forEach((value, name) => {
    if (!name.startsWith(PREFIX)) return;
    const field = name.slice(PREFIX.length);
    if (field === "user" || field === "team" || field === "project" || field === "session") attribution[field] = value;
    else if (field === "tags")
      attribution.tags = value
        .split(",")
        .map((tag) => tag.trim())
        .filter((tag) => tag !== "");
    else if (field.startsWith("metadata-")) attribution.metadata = { ...attribution.metadata, [field.slice("metadata-".length)]: value };
  });
  const own = Object.keys(attribution).length === 0 ? undefined : attribution;
  return { request: lifted, attribution: mergeAttribution(readHeader(headers.get(HEADER)), own) };
}

const HEADER = `${PREFIX}attribution`;

function readHeader(text: string | null): Attribution | undefined {
  if (text === null) return undefined;
  try {
    return checkAttribution(JSON.parse(text));
  } catch (cause) {
    const detail = CrosspointError.is(cause) ? cause.message : "it is not valid JSON";
    throw new CrosspointError("BAD_REQUEST", `the header ${HEADER} holds no attribution: ${detail}`, { param: HEADER, cause });
  }
}
