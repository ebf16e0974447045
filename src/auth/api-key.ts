import { CrosspointError } from "../ir/error.ts";
import type { ResolvedProvider, SecretValue } from "../providers/provider.ts";

type Headers = Record<string, string>;

/** What a header can carry of a key: visible ASCII, no space. */
const USABLE = /^[\x21-\x7e]+$/;

/** The last headers made for each provider: most have one key for all their calls. */
const made = new WeakMap<ResolvedProvider, { readonly value: string; readonly bearer: boolean; readonly headers: Headers }>();

function headerFor(provider: ResolvedProvider, value: unknown, bearer: boolean, from: string): Headers {
  const last = made.get(provider);
  if (last?.value === value && last?.bearer === bearer) return last.headers;
  const headers = makeHeader(provider, value, bearer, from);
  made.set(provider, { value: value as string, bearer, headers });
  return headers;
}

function makeHeader({ id, auth }: ResolvedProvider, value: unknown, bearer: boolean, from: string): Headers {
  if (typeof value !== "string" || !USABLE.test(value)) {
    const problem = typeof value === "string" ? "holds spaces, line breaks or characters outside ASCII" : "is no text";
    throw new CrosspointError("INVALID_OPTIONS", `the API key of ${id} (${from}) ${problem}: check how it was copied`, { provider: id });
  }
  if (bearer || auth === "bearer") return { authorization: `Bearer ${value}` };
  if (typeof auth === "object") return { [auth.header.toLowerCase()]: (auth.prefix ?? "") + value };
  return { [auth]: value };
}

function missing({ id, keyEnv, tokenEnv }: ResolvedProvider): CrosspointError {
  const names = [...keyEnv, ...tokenEnv];
  const set = names.length === 0 ? "" : `set ${names.join(" or ")}, or `;
  return new CrosspointError("MISSING_API_KEY", `No API key for ${id}: ${set}give providers: { ${JSON.stringify(id)}: { apiKey } }`, {
    provider: id,
  });
}

/** Whether the user's own headers carry a credential already. */
function inHeaders({ headers, auth }: ResolvedProvider): boolean {
  const name = typeof auth === "object" ? auth.header.toLowerCase() : auth;
  return typeof headers === "object" && ("authorization" in headers || name in headers);
}

/**
 * The headers that carry a provider's credential: the call's own key, else that of the settings, else that of the environment.
 * Without a promise unless a function gave one. Throws MISSING_API_KEY that names all that would do, INVALID_OPTIONS for a key that
 * no header can carry; neither shows the key.
 */
export function credentials(provider: ResolvedProvider, perCallKey?: string): Headers | Promise<Headers> {
  if (provider.auth === "none") return NONE;
  if (perCallKey !== undefined) return perCallKey === "" ? none(provider) : headerFor(provider, perCallKey, false, "of this call");
  const secret = inHeaders(provider) ? undefined : provider.secret();
  if (secret === undefined || secret.value === "") return none(provider);
  const { value, bearer, from } = secret;
  if (typeof value === "string") return headerFor(provider, value, bearer, from);
  return asked(provider, value, bearer, from);
}

const NONE: Headers = {};

function none(provider: ResolvedProvider): Headers {
  if (provider.keyOptional || inHeaders(provider)) return NONE;
  throw missing(provider);
}

function asked(provider: ResolvedProvider, ask: Exclude<SecretValue, string>, bearer: boolean, from: string): Headers | Promise<Headers> {
  const use = (value: unknown): Headers =>
    value === "" || value === undefined ? none(provider) : headerFor(provider, value, bearer, from);
  const fail = (cause: unknown): never => {
    throw new CrosspointError("MISSING_API_KEY", `No API key for ${provider.id}: the function ${from} failed`, {
      provider: provider.id,
      cause,
    });
  };
  let value: unknown;
  try {
    value = ask();
  } catch (cause) {
    return fail(cause);
  }
  return value instanceof Promise ? value.then(use, fail) : use(value);
}
