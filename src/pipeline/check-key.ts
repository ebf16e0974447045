import { credentials } from "../auth/api-key.ts";
import { providerCodec } from "../codecs/load.ts";
import { CrosspointError } from "../ir/error.ts";
import type { ResolvedProvider } from "../providers/provider.ts";
import type { Runtime } from "./context.ts";
import { openExchange, parseBody } from "./exchange.ts";
import { addHeaders, resolveHeaders } from "./headers.ts";

/** Whether a provider takes a key. */
export interface KeyCheck {
  readonly provider: string;
  readonly ok: boolean;
  /** Why not: MISSING_API_KEY, AUTHENTICATION, PERMISSION_DENIED, CONNECTION, … */
  readonly error?: CrosspointError;
}

const TIMEOUT_MS = 15_000;

/** Lists the provider's models with the key that a call would use: the cheapest question that needs one. */
export async function checkKey(provider: ResolvedProvider, runtime: Runtime): Promise<KeyCheck> {
  if (provider.call !== undefined) return { provider: provider.id, ok: true };
  const owner = { provider: provider.id, model: "", deployment: provider.id };
  const exchange = openExchange(runtime, undefined, owner);
  try {
    const headers: Record<string, string> = { ...(await credentials(provider)) };
    if (provider.codec === "anthropic-messages") headers["anthropic-version"] = "2023-06-01";
    addHeaders(headers, await resolveHeaders(provider.headers));
    exchange.arm(TIMEOUT_MS, "checkKey");
    const response = await runtime.transport({
      method: "GET",
      url: provider.baseURL + (provider.modelsPath ?? "/models"),
      headers,
      signal: exchange.signal,
    });
    const body = parseBody(await response.text());
    if (response.status > 299) throw (await providerCodec(provider.codec)).decodeError(response.status, body, response.headers);
    return { provider: provider.id, ok: true };
  } catch (error) {
    return { provider: provider.id, ok: false, error: exchange.explain(error, "CONNECTION") };
  } finally {
    exchange.release();
  }
}
