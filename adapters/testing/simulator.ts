import { createExchanges, timerSleep } from "./core/exchange.ts";
import { createFaultQueue } from "./core/faults.ts";
import { createFetch } from "./core/fetch.ts";
import { listen } from "./core/http.ts";
import { createIds } from "./core/ids.ts";
import type { ProviderState } from "./core/state.ts";
import { createScriptQueue } from "./core/scripts.ts";
import { createSigner } from "./core/signing.ts";
import { createPromptCache } from "./core/usage.ts";
import type { RecordedRequest, Simulator, SimulatorOptions } from "./types.ts";

const NOWHERE = "http://simulator.invalid";
const DEFAULT_SECRET = "simulator";

/**
 * OpenAI (Chat Completions and Responses), Anthropic and Gemini in one object, for tests: they check requests as strictly as the
 * real ones, answer by script or by themselves, and fail on demand.
 */
export function createSimulator(options: SimulatorOptions = {}): Simulator {
  const secret = options.secret ?? DEFAULT_SECRET;
  const requests: RecordedRequest[] = [];
  const state: ProviderState = {
    options,
    scripts: createScriptQueue(options.script),
    faults: createFaultQueue(),
    cache: createPromptCache(),
    stored: new Map(),
    signer: createSigner(secret),
    newId: createIds(secret),
    clock: options.clock ?? Date.now,
  };
  const exchanges = createExchanges(state, options.sleep ?? timerSleep, requests);
  const baseURLs: Simulator["baseURLs"] = (url = NOWHERE) => ({ openai: `${url}/v1`, anthropic: url, google: url });
  return {
    fetch: createFetch(exchanges),
    listen: (where) => listen(exchanges, where?.port),
    baseURLs,
    providers(url = NOWHERE) {
      const apiKey = options.apiKey ?? "simulator-key";
      const openai = { baseURL: `${url}/v1`, apiKey };
      return { openai, "openai-chat": openai, anthropic: { baseURL: `${url}/v1`, apiKey }, google: { baseURL: `${url}/v1beta`, apiKey } };
    },
    script: (steps) => state.scripts.add(steps),
    fault: (faults) => state.faults.add(faults),
    requests,
    get open() {
      return exchanges.open;
    },
    reset() {
      for (const part of [state.scripts, state.faults, state.cache, state.stored]) part.clear();
      requests.length = 0;
    },
  };
}
