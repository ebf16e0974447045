import type { RunnableConfig } from "@langchain/core/runnables";
import type { Attribution } from "crosspoint";
import { isRecord } from "./schema.ts";

/**
 * Where the config of a call is kept in its options. LangChain hands models their options without it; a symbol survives the copies it
 * makes and shows up in no cache key and no trace.
 */
export const CONFIG = Symbol("crosspoint.config");

/** Options of a call with the config that LangChain took out of them. */
export interface WithConfig {
  readonly [CONFIG]?: RunnableConfig;
  /** LangGraph's run-time context. */
  readonly context?: unknown;
  readonly attribution?: Attribution;
}

/** The names under which callers say who and what a call is for. */
const NAMES = {
  user: ["user", "user_id", "userId"],
  team: ["team", "team_id", "teamId"],
  project: ["project", "project_id", "projectId"],
  session: ["session", "session_id", "sessionId", "conversation_id", "conversationId", "thread_id", "threadId"],
} as const;

const KNOWN = new Set<string>([...Object.values(NAMES).flat(), "tags", "attribution", "timeoutMs", "lc_agent_name", "lc_source"]);
/** What frameworks write into metadata and tags for themselves. */
const NOISE = /^(?:langgraph_|langsmith[:_]|ls_|lc_|__|checkpoint_|versions$|graph:|seq:|map:|branch:|run_id$|thread_ts$)/;
const MAX_TEXT = 512;
const MAX_TAGS = 32;
const MAX_KEYS = 64;

/** Where attribution comes from, the strongest first. */
export interface AttributionSources {
  readonly options: WithConfig;
  readonly model: {
    readonly attribution?: Attribution | undefined;
    readonly metadata?: Record<string, unknown> | undefined;
    readonly tags?: readonly string[] | undefined;
  };
}

/**
 * What a call tells of itself: its option `attribution`, then `config.metadata`, the run-time context, `configurable`, and last the model's
 * own metadata and attribution. Tags of all places are joined. What is too long is cut: a framework's metadata never breaks a call.
 */
export function readAttribution({ options, model }: AttributionSources): Attribution | undefined {
  const config = options[CONFIG];
  const places = [options.attribution, config?.metadata, options.context, config?.configurable, model.metadata, model.attribution].filter(
    isRecord,
  );
  const found: { -readonly [K in keyof Attribution]?: Attribution[K] | undefined } = {};
  for (const place of places) {
    const nested = isRecord(place["attribution"]) ? place["attribution"] : undefined;
    for (const field of Object.keys(NAMES) as (keyof typeof NAMES)[])
      found[field] ??= named(nested ?? {}, NAMES[field]) ?? named(place, NAMES[field]);
  }
  for (const field of Object.keys(NAMES) as (keyof typeof NAMES)[]) if (found[field] === undefined) delete found[field];
  const tags = [model.attribution?.tags, model.tags, config?.tags, ...places.map((place) => place["tags"])].flatMap((each) =>
    Array.isArray(each) ? (each as unknown[]) : [],
  );
  const labels = [...new Set(tags.filter((tag): tag is string => typeof tag === "string" && tag !== "" && !NOISE.test(tag)))];
  if (labels.length > 0) found.tags = labels.slice(0, MAX_TAGS).map(cut);
  const metadata: Record<string, string> = {};
  addMetadata(metadata, model.attribution?.metadata);
  addMetadata(metadata, model.metadata);
  addMetadata(metadata, config?.metadata);
  addMetadata(metadata, options.attribution?.metadata);
  const { lc_agent_name: agent, lc_source: source } = (config?.metadata ?? {}) as Record<string, unknown>;
  addMetadata(metadata, { agent, source });
  const entries = Object.entries(metadata);
  if (entries.length > 0) found.metadata = Object.fromEntries(entries.slice(0, MAX_KEYS));
  return Object.keys(found).length === 0 ? undefined : (found as Attribution);
}

function named(place: Readonly<Record<string, unknown>>, names: readonly string[]): string | undefined {
  for (const name of names) {
    const value = Object.hasOwn(place, name) ? place[name] : undefined;
    if (typeof value === "string" && value !== "") return cut(value);
    if (typeof value === "number") return String(value);
  }
  return undefined;
}

function addMetadata(metadata: Record<string, string>, place: unknown): void {
  if (!isRecord(place)) return;
  for (const [key, value] of Object.entries(place)) {
    if (KNOWN.has(key) || NOISE.test(key) || key === "__proto__") continue;
    if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") metadata[cut(key)] = cut(String(value));
  }
}

function cut(label: string): string {
  return label.length > MAX_TEXT ? label.slice(0, MAX_TEXT) : label;
}
