import type { ModelRequest } from "../../ir/request.ts";
import type { CodecId, Target } from "../../ir/target.ts";
import type { Renamer } from "./rename.ts";
import type { Report } from "./report.ts";

/** What a wire demands of a conversation. */
export interface WireRules {
  readonly names: RegExp;
  readonly ids: RegExp;
  /** Where a tool-call id that must change is cut. */
  readonly idLimit: number;
  /** Texts that the wire refuses. */
  readonly blank?: RegExp;
  /** The first turn must be the user's. */
  readonly userFirst?: boolean;
}

const plain = /^[\w-]{1,64}$/;

/**
 * OpenAI Chat takes ids of 64 characters (long ones are cut to 40, the older limit that compatible hosts still hold);
 * Anthropic's names and ids are `^[a-zA-Z0-9_-]+$`; Gemini's names begin with a letter or an underscore.
 */
export const RULES: Readonly<Record<CodecId, WireRules>> = {
  "openai-chat": { names: plain, ids: /^[^]{1,64}$/, idLimit: 40 },
  "openai-responses": { names: plain, ids: plain, idLimit: 64 },
  "anthropic-messages": { names: /^[\w-]{1,128}$/, ids: plain, idLimit: 64, blank: /^\s*$/, userFirst: true },
  gemini: { names: /^[a-z_][\w.:-]{0,63}$/i, ids: /[^]/, idLimit: 64, blank: /^$/, userFirst: true },
};

/** What a tool-call id must look like. */
export function idRule({ codec, quirks }: Target): RegExp {
  return quirks.toolCallIds === "alnum9" ? SHORT_ID : RULES[codec].ids;
}

const SHORT_ID = /^[a-z0-9]{9}$/i;

/** The namespace of a tool or a call where the target does not know namespaces, so that names alone must differ. */
export function scopeOf({ namespace }: { readonly namespace?: string }, { codec, family }: Target): string | undefined {
  return codec === "openai-responses" && family === "openai" ? undefined : namespace;
}

/** What all passes over one request share. */
export interface Pass {
  readonly request: ModelRequest;
  readonly target: Target;
  readonly rules: WireRules;
  readonly report: Report;
  readonly names: Renamer;
  readonly ids: Renamer;
}
