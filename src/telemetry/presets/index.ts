import type { Preset } from "../facts.ts";
import type { PresetName } from "../options.ts";
import { langfuse } from "./langfuse.ts";
import { langsmith } from "./langsmith.ts";
import { openinference } from "./openinference.ts";
import { litellm, openlit, sentry, signoz } from "./others.ts";

const PRESETS: Readonly<Record<PresetName, Preset>> = { langfuse, openinference, langsmith, sentry, openlit, signoz, litellm };

export function presetsOf(presets: readonly (PresetName | Preset)[]): readonly Preset[] {
  return presets.map((preset) => (typeof preset === "string" ? PRESETS[preset] : preset));
}
