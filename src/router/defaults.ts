import type { ModelRequest } from "../ir/request.ts";
import { optionsFor, type Target } from "../ir/target.ts";

/** Settings of a request that hold where the call says nothing. */
export type RequestDefaults = Omit<ModelRequest, "model" | "messages" | "n">;

/** A request with the settings that it leaves open. Each setting is the call's or the default as a whole; `providerOptions` are laid together field by field. */
export function withDefaults(request: ModelRequest, defaults: RequestDefaults, target: Target): ModelRequest {
  const filled: Record<string, unknown> = { ...request };
  for (const [key, value] of Object.entries(defaults)) filled[key] ??= value;
  const asked = optionsFor(request.providerOptions, target);
  // Under the name that is heard last, so that what the call says wins whatever name it said it under.
  if (asked !== undefined && defaults.providerOptions !== undefined) {
    const options = { ...optionsFor(defaults.providerOptions, target), ...asked };
    filled["providerOptions"] = { ...request.providerOptions, [target.optionKeys.at(-1)!]: options };
  }
  return filled as unknown as ModelRequest;
}
