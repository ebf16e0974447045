import { isPromise } from "../content.ts";
import type { Fill, Preset } from "../facts.ts";
import type { PresetName } from "../options.ts";
import { langfuse } from "./langfuse.ts";
import { langsmith } from "./langsmith.ts";
import { openinference } from "./openinference.ts";
import { litellm, openlit, sentry, signoz } from "./others.ts";

const PRESETS: Readonly<Record<PresetName, Fill>> = { langfuse, openinference, langsmith, sentry, openlit, signoz, litellm };

export function presetsOf(presets: readonly (PresetName | Preset)[]): readonly Fill[] {
  return presets.map((preset) => (typeof preset === "string" ? PRESETS[preset] : filling(preset)));
}

/** A user's function must not break a call. */
function filling(preset: Preset): Fill {
  return (attributes, facts) => {
    try {
      const told = preset(facts);
      if (!isPromise(told)) Object.assign(attributes, told);
    } catch {
      // the other presets still say what they know
    }
  };
}
