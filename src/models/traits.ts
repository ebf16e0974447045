import type { ModelTraits } from "../ir/target.ts";

const LADDER = ["none", "minimal", "low", "medium", "high", "xhigh", "max"] as const;
type Effort = (typeof LADDER)[number];

function upTo(top: Effort, bottom: Effort = "low"): readonly Effort[] {
  return LADDER.slice(LADDER.indexOf(bottom), LADDER.indexOf(top) + 1);
}

const TO_HIGH = upTo("high");
const TO_XHIGH = upTo("xhigh");
const TO_MAX = upTo("max");
const MINIMAL_TO_HIGH = upTo("high", "minimal");
const OFF_TO_HIGH = ["none", ...TO_HIGH] as const;
const OFF_TO_XHIGH = ["none", ...TO_XHIGH] as const;
const OFF_TO_MAX = ["none", ...TO_MAX] as const;

const SEES = ["image", "pdf"] as const;
const PLAIN: ModelTraits = { reasoning: false, sampling: "always" };
const BLIND: ModelTraits = { ...PLAIN, input: [] };
const HYBRID: ModelTraits = { reasoning: true, thinking: "effort", sampling: "always" };
const THINKER: ModelTraits = { ...HYBRID, alwaysThinks: true };
/** Thinks always, and has no word for how much. */
const MUTE: ModelTraits = { ...THINKER, efforts: [] };

// OpenAI: https://platform.openai.com/docs/guides/latest-model and the per-model pages.
const GPT: ModelTraits = { ...PLAIN, jsonSchema: true, input: SEES };
const GPT_ON: ModelTraits = { ...THINKER, sampling: "never", penalties: false, stop: false, jsonSchema: true, input: SEES };
const GPT_OFF: ModelTraits = { ...GPT_ON, alwaysThinks: false, sampling: "without-reasoning" };

// Anthropic: https://platform.claude.com/docs/en/about-claude/models and /build-with-claude/extended-thinking.
const CLAUDE: ModelTraits = {
  reasoning: true,
  thinking: "adaptive",
  efforts: TO_MAX,
  thinksAboveHigh: true,
  sampling: "never",
  penalties: false,
  jsonSchema: true,
  forcedToolWhileThinking: true,
  input: SEES,
  toolResultMedia: true,
  prefill: false,
  lateSystem: true,
  maxOutput: 128_000,
};
const CLAUDE_ON: ModelTraits = { ...CLAUDE, alwaysThinks: true };
const CLAUDE_FREE: ModelTraits = { ...CLAUDE_ON, forcedToolWhileThinking: false };
const CLAUDE_48: ModelTraits = { ...CLAUDE, thinksAboveHigh: false };
const CLAUDE_47: ModelTraits = { ...CLAUDE_48, lateSystem: false };
const CLAUDE_46: ModelTraits = {
  ...CLAUDE_47,
  efforts: [...TO_HIGH, "max"],
  sampling: "without-reasoning",
  exclusiveSampling: true,
};
const CLAUDE_45: ModelTraits = {
  ...CLAUDE_46,
  thinking: "budget",
  efforts: [],
  minBudget: 1024,
  forcedToolWhileThinking: false,
  prefill: true,
  maxOutput: 64_000,
};
const CLAUDE_4: ModelTraits = { ...CLAUDE_45, jsonSchema: false };
const CLAUDE_3: ModelTraits = {
  ...PLAIN,
  exclusiveSampling: true,
  penalties: false,
  jsonSchema: false,
  input: SEES,
  toolResultMedia: true,
  prefill: true,
  lateSystem: false,
  maxOutput: 4096,
};

// Google: https://ai.google.dev/gemini-api/docs/thinking and /structured-output.
const GEMINI_2: ModelTraits = {
  ...PLAIN,
  jsonSchema: true,
  jsonSchemaWithTools: false,
  toolResultMedia: false,
  mixedTools: false,
  input: ["image", "audio", "video", "pdf"],
};
const GEMINI_25: ModelTraits = { ...GEMINI_2, reasoning: true, thinking: "budget", maxBudget: 24_576 };
const GEMINI: ModelTraits = {
  ...GEMINI_2,
  ...THINKER,
  efforts: TO_HIGH,
  jsonSchemaWithTools: true,
  toolResultMedia: true,
  mixedTools: true,
  signedCalls: true,
};

/** xAI: https://docs.x.ai/docs/guides/reasoning. */
const GROK: ModelTraits = { ...THINKER, efforts: TO_XHIGH, penalties: false, stop: false };

const DEEPSEEK: ModelTraits = {
  ...HYBRID,
  efforts: ["none", "low", "high", "max"],
  sampling: "without-reasoning",
  reasoningTurns: "every",
};
const LOW_HIGH_MAX: ModelTraits = { ...THINKER, efforts: ["low", "high", "max"] };
const NONE_HIGH: ModelTraits = { ...HYBRID, efforts: ["none", "high"] };

/** "Version without a minor one": what follows is no further digit, but may be a date. */
const BARE = String.raw`(?:[-.]0)?(?![-.]?\d(?!\d))`;

/**
 * Families by name, the special before the general; the first match counts, and the last row of a family is its newest form. A
 * row is matched against `provider:name`, where the name has lost its vendor path and region.
 */
const FAMILIES: readonly (readonly [RegExp, ModelTraits, efforts?: readonly string[]])[] = [
  [/:gpt-(?:image|realtime|live|transcribe)|embed|whisper|-tts|moderation|rerank/, {}],
  [/:gpt-oss/, { ...THINKER, input: [] }, TO_HIGH],
  [/:gpt-4o(?:-mini)?-search/, { ...GPT, sampling: "never", penalties: false, tools: false }],
  [/:gpt-\w+(?:-mini)?-search/, { ...GPT, sampling: "never", penalties: false }],
  [/:gpt-(?:4o(?:-mini)?-)?audio/, { ...GPT, jsonSchema: false, input: ["audio"] }],
  [/:(?:gpt-4o-2024-05|chatgpt-4o|gpt-4-(?:turbo|vision))/, { ...GPT, jsonSchema: false, input: ["image"] }],
  [/:gpt-4(?:o|\.[15])/, GPT],
  [/:gpt-(?:4(?![.\d])|3)/, { ...BLIND, jsonSchema: false }],
  [/:o1-(?:mini|preview)/, { ...GPT_ON, jsonSchema: false, input: [], system: false, tools: false }, []],
  [/:o3-mini/, { ...GPT_ON, input: [] }, TO_HIGH],
  [/:o\d+(?=$|[-:@])/, GPT_ON, TO_HIGH],
  [/:gpt-5-chat/, { ...GPT, jsonSchema: false }],
  [/:gpt-5\.\d+-chat/, GPT_ON, ["medium"]],
  [/:gpt-5-pro/, GPT_ON, ["high"]],
  [/:gpt-5\.\d+-pro/, GPT_ON, upTo("xhigh", "medium")],
  [/:gpt-5(?:\.1-codex-max|\.2-codex|\.3-codex-spark)/, GPT_ON, TO_XHIGH],
  [/:gpt-5(?:\.1)?-codex/, GPT_ON, TO_HIGH],
  [/:gpt-5(?![.\d])/, GPT_ON, MINIMAL_TO_HIGH],
  [/:gpt-5\.1(?!\d)/, GPT_OFF, OFF_TO_HIGH],
  [/:gpt-5\.[2-5](?!\d)/, GPT_OFF, OFF_TO_XHIGH],
  [/:gpt-5\.\d+-cyber/, { ...GPT_ON, chatToolsWhileThinking: false }, TO_MAX],
  [/:gpt-5\./, { ...GPT_OFF, chatToolsWhileThinking: false }, OFF_TO_MAX],
  [/:gpt-(?:6-(?:sol|luna)|6\.1-terra|daybreak)/, GPT_OFF, OFF_TO_MAX],
  [/:gpt-/, GPT_ON, TO_MAX],

  [/claude-sonnet-5[-.]5(?!\d)/, { ...CLAUDE_FREE, betweenTools: true }],
  [/claude-(?:opus-5[-.]5|fable-5[-.][12])(?!\d)/, CLAUDE_FREE],
  [/claude-(?:fable|mythos)-5/, CLAUDE_ON],
  [new RegExp(`claude-sonnet-5${BARE}|claude-opus-4[-.]7(?!\\d)`), CLAUDE_47],
  [/claude-opus-4[-.]8(?!\d)/, CLAUDE_48],
  [/claude-\w+-4[-.]6(?!\d)/, CLAUDE_46],
  [/claude-opus-4[-.]5(?!\d)/, CLAUDE_45, TO_HIGH],
  [/claude-\w+-4[-.]5(?!\d)/, CLAUDE_45],
  [/claude-opus-4[-.]1(?!\d)/, { ...CLAUDE_45, maxOutput: 32_000 }],
  [new RegExp(`claude-opus-4${BARE}`), { ...CLAUDE_4, maxOutput: 32_000 }],
  [new RegExp(`claude-(?:sonnet-4${BARE}|sonnet-3[-.]7(?!\\d))`), CLAUDE_4],
  [/claude-\w+-3[-.]5(?!\d)/, { ...CLAUDE_3, maxOutput: 8192 }],
  [/claude-\w+-3(?!\d)/, CLAUDE_3],
  [/claude-(?:v?[12](?!\d)|instant)/, { ...CLAUDE_3, input: [], toolResultMedia: false, tools: false }],
  [/claude-/, CLAUDE],

  [/:gemini-2\.5-flash-image/, { ...GEMINI_2, tools: false }],
  [/:gemini-(?:1|pro(?:-vision)?$|2(?!\.5))/, GEMINI_2],
  [/:gemini-2\.5-(?:pro|computer)/, { ...GEMINI_25, alwaysThinks: true, minBudget: 128, maxBudget: 32_768 }],
  [/:gemini-2\.5-flash-lite/, { ...GEMINI_25, minBudget: 512 }],
  [/:gemini-(?:2|robotics-er-1)/, GEMINI_25],
  [/:gemini-3(?:\.\d+)?-pro-image/, { ...GEMINI, thinking: "budget", maxBudget: 32_768 }, []],
  [/:gemini-3-pro/, GEMINI, ["low", "high"]],
  [/:gemini-(?:3[.\d]*-flash-lite|3(?:\.[0-6])?-flash|flash-lite|robotics)/, GEMINI, MINIMAL_TO_HIGH],
  [/:gemini-4-hydrogen/, GEMINI, TO_XHIGH],
  [/:gemini-/, GEMINI],
  [/:gemma-?[1-3]/, PLAIN],
  [/:gemma-/, THINKER, ["minimal", "high"]],

  [/:grok-(?:[12](?!\d)|beta|3(?!-mini)|4\S*-non-reasoning)/, PLAIN],
  [/:grok-3-mini/, GROK, ["low", "high"]],
  [/:grok-(?:4(?![.\d])|4[-.]1-fast|4\.20(?:-\d{4})?-reasoning|code)/, GROK, []],
  [/:grok-4\.3/, { ...GROK, alwaysThinks: false }, OFF_TO_XHIGH],
  [/:grok-/, GROK],

  [/deepseek-(?:reasoner|r1)|:r1-v/, { ...MUTE, sampling: "never", input: [], reasoningTurns: "current" }],
  [/deepseek-(?:v[12](?!\d)|v3(?![-.p][12])|chat|coder)/, { sampling: "always", input: [] }],
  [/deepseek-v3/, { ...HYBRID, input: [] }],
  [/deepseek-v4-pro/, { ...DEEPSEEK, input: [] }, ["none", "high", "max"]],
  [/:deepseek-/, DEEPSEEK],

  [/magistral-\w+-(?:25|1)/, { ...MUTE, lateSystem: false }],
  [/mistral-large-4/, { ...THINKER, lateSystem: false }, TO_HIGH],
  [
    /mistral-(?:tiny|nemo|saba|\d+b|large|medium-(?:2[0-5]|3(?![-.]5))|small-(?:2[0-5]|3))|(?:mini|code|dev|pix|mix|vox)(?:s?tral)/,
    { ...PLAIN, lateSystem: false },
  ],
  [/(?:mi|magi|lean)stral/, { ...NONE_HIGH, lateSystem: false }],

  [/qwq|qwen\S*-thinking/, MUTE],
  [/qwen\S*-(?:instruct|coder)|qwen-?(?:1|2)/, PLAIN],
  [/qwen-?3\.8/, HYBRID, OFF_TO_HIGH],
  [/qwen/, HYBRID],

  [/llama-?(?:3[-.]2-(?:11|90)b|4)/, { ...PLAIN, input: ["image"] }],
  [/llama-?(?:[1-3]|v[1-3])/, BLIND],
  [/muse-/, THINKER, upTo("xhigh", "minimal")],

  [/kimi-k2(?:-thinking|[-.p]7)/, { ...MUTE, sampling: "never" }],
  [/kimi-k2[.p]\d/, { ...HYBRID, sampling: "never" }],
  [/kimi-k2|moonshot-v1/, PLAIN],
  [/:kimi-/, LOW_HIGH_MAX],

  [/glm-(?:[1-3]|4(?![-.p][5-9]))/, PLAIN],
  [/glm-(?:4|5(?![-.p]?\d))/, HYBRID],
  [/glm-5[-.p]2/, HYBRID, ["none", "high", "max"]],
  [/glm-/, LOW_HIGH_MAX],
  [/minimax-m[12]|minimax-m3(?!\.)/, MUTE],
  [/minimax-m/, THINKER, TO_MAX],
];

/** What a host makes of a model; every match counts. */
const HOSTS: readonly (readonly [RegExp, ModelTraits])[] = [
  [/^(?![^:]*vertex).*:gemini-2\.5/, { penalties: false }],
  [/^(?:google[^:]*|gemini|vertex)?:gemma/, { system: false }],
  [/^(?:google[^:]*|gemini|vertex)?:gemma-?[1-3]/, { tools: false }],
  [/^groq:llama-3/, { jsonSchema: false }],
  [/^groq:qwen3(?!\.8|\S*thinking)/, { efforts: ["none"] }],
];

const NONE: ModelTraits = {};
const LIMIT = 1000;
const cache = new Map<string, Map<string, ModelTraits>>();
let cached = 0;

/**
 * What a model can take, as its name tells: vendor paths, regions, dates and `-latest` do not matter. An unknown member of a known
 * family counts as its newest form; of an unknown family nothing is claimed (`{}`).
 */
export function modelTraits(model: string, provider = ""): ModelTraits {
  let known = cache.get(provider);
  const hit = known?.get(model);
  if (hit !== undefined) return hit;
  const traits = match(model, provider);
  if (model.length + provider.length > 200) return traits;
  if (cached >= LIMIT) {
    cache.clear();
    cached = 0;
    known = undefined;
  }
  if (known === undefined) cache.set(provider, (known = new Map()));
  known.set(model, traits);
  cached++;
  return traits;
}

function match(model: string, provider: string): ModelTraits {
  const name = model
    .slice(-200)
    .toLowerCase()
    .replace(/^.*\//, "")
    .replace(/^(?:[a-z-]+\.)+(?=[a-z])/, "")
    .replace(/claude-(\d(?:[-.]\d)?)-([a-z]+)/, "claude-$2-$1");
  const subject = `${provider}:${name}`;
  const [, known = NONE, efforts] = FAMILIES.find(([pattern]) => pattern.test(subject)) ?? [];
  let traits = efforts === undefined ? known : { ...known, efforts };
  for (const [pattern, more] of HOSTS) if (pattern.test(subject)) traits = { ...traits, ...more };
  return traits;
}
