import type { LangSmithParams } from "@langchain/core/language_models/chat_models";
import type { ModelProfile } from "@langchain/core/language_models/profile";
import type { Crosspoint, DeploymentInfo } from "crosspoint";

/** The deployments behind a name; none for a name that leads nowhere: whoever calls it hears of that. */
export function deploymentsOf(crosspoint: Crosspoint, model: string): readonly DeploymentInfo[] {
  try {
    return crosspoint.deployments(model);
  } catch {
    return [];
  }
}

/** What every deployment of a name can take. A field that nothing is known of is left out. */
export function profileOf(deployments: readonly DeploymentInfo[]): ModelProfile {
  const traits = deployments.map((each) => each.traits);
  if (traits.length === 0) return {};
  const least = (pick: (each: (typeof traits)[number]) => number | undefined): number | undefined => {
    const known = traits.map(pick).filter((each) => each !== undefined);
    return known.length === traits.length ? Math.min(...known) : undefined;
  };
  const all = (pick: (each: (typeof traits)[number]) => boolean | undefined): boolean | undefined => {
    const known = traits.map(pick);
    return known.includes(false) ? false : known.includes(undefined) ? undefined : true;
  };
  const takes = (kind: "image" | "audio" | "video" | "pdf"): boolean | undefined => all(({ input }) => input?.includes(kind));
  const images = takes("image");
  const resultMedia = all((each) => each.toolResultMedia);
  const profile: Record<keyof ModelProfile, number | boolean | undefined> = {
    maxInputTokens: least((each) => each.contextWindow),
    maxOutputTokens: least((each) => each.maxOutput),
    imageInputs: images,
    imageUrlInputs: images,
    pdfInputs: takes("pdf"),
    audioInputs: takes("audio"),
    videoInputs: takes("video"),
    imageToolMessage: resultMedia === true ? images : resultMedia,
    pdfToolMessage: resultMedia === true ? takes("pdf") : resultMedia,
    reasoningOutput: all((each) => each.reasoning),
    imageOutputs: undefined,
    audioOutputs: undefined,
    videoOutputs: undefined,
    toolCalling: true,
    toolChoice: true,
    // Only where a schema and tools go together: agents send both.
    structuredOutput: traits.every((each) => each.jsonSchema === true && each.jsonSchemaWithTools !== false),
  };
  return Object.fromEntries(Object.entries(profile).filter(([, value]) => value !== undefined));
}

/** LangSmith's words for providers, where they differ. Its price table is looked up by them. */
const PROVIDERS: Readonly<Record<string, string>> = {
  "openai-chat": "openai",
  "xai-chat": "xai",
  google: "google_genai",
  "amazon-bedrock": "bedrock",
  "google-vertex": "google_vertexai",
};

/** The names under which LangSmith prices a call: those of the deployment that is asked first. */
export function tracingNames(
  deployments: readonly DeploymentInfo[],
  model: string,
): Required<Pick<LangSmithParams, "ls_provider" | "ls_model_name">> {
  const first = deployments[0];
  if (first === undefined) return { ls_provider: "crosspoint", ls_model_name: model };
  const known = Object.hasOwn(PROVIDERS, first.provider) ? PROVIDERS[first.provider]! : first.provider;
  return { ls_provider: known, ls_model_name: first.model };
}
