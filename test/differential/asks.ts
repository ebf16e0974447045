import type { LanguageModelV4CallOptions } from "@ai-sdk/provider";
import type { Recording } from "./recordings.ts";

type Tools = NonNullable<LanguageModelV4CallOptions["tools"]>;

/** Tools that a provider runs: the AI SDK reads their blocks only where the request declared them. */
const TOOLS: readonly (readonly [RegExp, Tools])[] = [
  [/openai\/openai-apply-patch/, [{ type: "provider", id: "openai.apply_patch", name: "apply_patch", args: {} }]],
  [/openai\/openai-shell/, [{ type: "provider", id: "openai.shell", name: "shell", args: {} }]],
  [
    /openai\/openai-client-tool-search/,
    [{ type: "provider", id: "openai.tool_search", name: "tool_search", args: { execution: "client" } }],
  ],
  [/openai\/openai-file-search/, [{ type: "provider", id: "openai.file_search", name: "file_search", args: { vectorStoreIds: ["vs_1"] } }]],
  [/openai\/openai-image-generation/, [{ type: "provider", id: "openai.image_generation", name: "image_generation", args: {} }]],
  [
    /openai\/openai-mcp/,
    [{ type: "provider", id: "openai.mcp", name: "mcp", args: { serverLabel: "zip1", serverUrl: "https://zip1.invalid/mcp" } }],
  ],
  [/openai\/programmatic/, [{ type: "provider", id: "openai.programmatic_tool_calling", name: "programmatic_tool_calling", args: {} }]],
  [/xai\/xai-web-search/, [{ type: "provider", id: "xai.web_search", name: "web_search", args: {} }]],
  [/xai\/xai-x-search/, [{ type: "provider", id: "xai.x_search", name: "x_search", args: {} }]],
  [/xai\/xai-code-execution/, [{ type: "provider", id: "xai.code_execution", name: "code_execution", args: {} }]],
  [/xai\/xai-image-generation/, [{ type: "provider", id: "xai.image_generation", name: "image_generation", args: {} }]],
];

const NONE: Tools = [];

/** The caller's own tools, where an answer reads differently with them. */
const FUNCTIONS: readonly (readonly [RegExp, readonly string[]])[] = [[/parallel-tool-call-wrapper/, ["weather", "cityAttractions"]]];

export function functionsFor({ name }: Recording): readonly { readonly name: string; readonly inputSchema: typeof SCHEMA }[] {
  const names = FUNCTIONS.find(([pattern]) => pattern.test(name))?.[1] ?? [];
  return names.map((each) => ({ name: each, inputSchema: SCHEMA }));
}

/** Answers to a request for JSON, which the AI SDK and we both put as a tool where the model has no schemas of its own. */
const JSON_ANSWERS = /anthropic-json-tool/;

/** The model that is asked: one without schemas of its own where JSON is asked for. */
export function modelFor({ name }: Recording): string {
  return JSON_ANSWERS.test(name) ? "claude-3-haiku-20240307" : "a-model";
}

export function wantsJSON({ name }: Recording): boolean {
  return JSON_ANSWERS.test(name);
}

/** Any object. */
export const SCHEMA = { type: "object", properties: {}, additionalProperties: true } as const;

export function toolsFor({ name }: Recording): Tools {
  return TOOLS.find(([pattern]) => pattern.test(name))?.[1] ?? NONE;
}
