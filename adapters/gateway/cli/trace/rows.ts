import type { TraceSpan } from "./span.ts";

/** What a span used; only on the innermost spans that tell it, so that everything counts once. */
export interface Used {
  readonly model: string;
  readonly input: number;
  readonly output: number;
  readonly cached: number;
  /** Billionths of a US dollar; absent when no price is known. */
  readonly nanoUsd?: number;
}

/** A line of the tree. */
export interface Row {
  /** With the branches before it. */
  readonly name: string;
  readonly durationMs: number;
  readonly status: string;
  /** Which try of its call it was, as `2 retry`. */
  readonly attempt?: string;
  readonly model?: string;
  readonly used?: Used;
  /** Who it was for, where that is not what stands above. */
  readonly attribution?: string;
}

const MODEL = ["gen_ai.request.model", "gen_ai.response.model", "llm.model_name", "ai.model.id", "crosspoint.deployment.id"];
const INPUT = ["gen_ai.usage.input_tokens", "llm.token_count.prompt", "gen_ai.usage.prompt_tokens"];
const OUTPUT = ["gen_ai.usage.output_tokens", "llm.token_count.completion", "gen_ai.usage.completion_tokens"];
const CACHED = ["gen_ai.usage.cache_read.input_tokens", "llm.token_count.prompt_details.cache_read"];
const COST = ["gen_ai.usage.cost", "llm.cost.total"];
const ATTRIBUTION = {
  team: "crosspoint.team.id",
  project: "crosspoint.project.id",
  user: "user.id",
  session: "session.id",
  key: "crosspoint.key.alias",
} as const;

/** What `error.type` means. */
const ERRORS: Readonly<Record<string, string>> = {
  "400": "400 bad request",
  "401": "401 key refused",
  "402": "402 no credit",
  "403": "403 not allowed",
  "404": "404 not found",
  "408": "408 timed out",
  "413": "413 too large",
  "429": "429 rate limited",
  "500": "500 server error",
  "502": "502 bad gateway",
  "503": "503 unavailable",
  "504": "504 timed out",
  "529": "529 overloaded",
  timeout: "timed out",
  connection_error: "no connection",
  stream_interrupted: "stream broke off",
  invalid_response: "unreadable answer",
  content_filter: "content refused",
  context_window_exceeded: "too long for the model",
  budget_exceeded: "over budget",
  missing_api_key: "no API key",
  unsupported: "not supported",
  invalid_options: "wrong options",
};

/** The spans of a trace as a tree, outermost and earliest first. A span whose parent did not come stands at the root. */
export function rowsOf(spans: readonly TraceSpan[]): readonly Row[] {
  const byId = new Map(spans.map((span) => [span.spanId, span]));
  const children = new Map<string | undefined, TraceSpan[]>();
  for (const span of byId.values()) {
    const parent = span.parentId !== undefined && byId.has(span.parentId) ? span.parentId : undefined;
    const siblings = children.get(parent);
    if (siblings === undefined) children.set(parent, [span]);
    else siblings.push(span);
  }
  const rows: Row[] = [];
  const seen = new Set<TraceSpan>();
  /** Whether the span or one within it told what was used. */
  const walk = (span: TraceSpan, before: string, branch: string, above: string, depth: number): boolean => {
    seen.add(span);
    const place = rows.length;
    const attribution = attributionOf(span) || above;
    rows.push(rowOf(span, before + branch, attribution === above ? "" : attribution));
    const within = depth > MAX_DEPTH ? [] : inOrder(children.get(span.spanId)).filter((each) => !seen.has(each));
    const indent = before + (branch === "" ? "" : branch === LAST ? "   " : "│  ");
    const inside = within.map((each, index) => walk(each, indent, index === within.length - 1 ? LAST : "├─ ", attribution, depth + 1));
    if (inside.includes(true)) return true;
    const used = usedBy(span);
    if (used !== undefined) rows[place] = { ...rows[place]!, used };
    return used !== undefined;
  };
  for (const root of inOrder(children.get(undefined))) walk(root, "", "", "", 0);
  // Spans that are each other's parents have no root, and those too far in begin anew.
  for (const span of inOrder([...byId.values()])) if (!seen.has(span)) walk(span, "", "", "", 0);
  return rows;
}

const LAST = "└─ ";
const MAX_DEPTH = 500;

function inOrder(spans: readonly TraceSpan[] = []): TraceSpan[] {
  return spans.toSorted((a, b) => a.startMs - b.startMs);
}

function rowOf(span: TraceSpan, before: string, attribution: string): Row {
  const { attributes } = span;
  const model = textOf(span, MODEL);
  const number = attributes.get("crosspoint.attempt.number");
  const reason = attributes.get("crosspoint.attempt.reason");
  return {
    // A model's name, which stands in a column of its own, is not said twice.
    name: before + (model !== undefined && span.name.endsWith(` ${model}`) ? span.name.slice(0, -model.length - 1) : span.name),
    durationMs: span.endMs - span.startMs,
    status: statusOf(span),
    ...(typeof number === "number" && {
      attempt: typeof reason === "string" && reason !== "initial" ? `${number} ${reason}` : `${number}`,
    }),
    ...(model !== undefined && { model }),
    ...(attribution !== "" && { attribution }),
  };
}

function statusOf(span: TraceSpan): string {
  const { attributes, failed, message } = span;
  if (attributes.get("crosspoint.cancelled") === true) return "cancelled";
  const type = attributes.get("error.type");
  if (!failed && type === undefined) return "ok";
  const word = typeof type === "string" ? type : undefined;
  const known = word !== undefined && Object.hasOwn(ERRORS, word) ? ERRORS[word] : undefined;
  return known ?? word ?? message?.split("\n")[0] ?? "error";
}

function usedBy(span: TraceSpan): Used | undefined {
  const [input, output, cost] = [numberOf(span, INPUT), numberOf(span, OUTPUT), numberOf(span, COST)];
  if (input === undefined && output === undefined && cost === undefined) return undefined;
  return {
    model: textOf(span, MODEL) ?? "unknown",
    input: input ?? 0,
    output: output ?? 0,
    cached: numberOf(span, CACHED) ?? 0,
    ...(cost !== undefined && { nanoUsd: Math.round(cost * 1e9) }),
  };
}

function attributionOf({ attributes }: TraceSpan): string {
  return Object.entries(ATTRIBUTION)
    .map(([name, key]) => [name, attributes.get(key)] as const)
    .filter(([, value]) => typeof value === "string")
    .map(([name, value]) => `${name}=${value as string}`)
    .join(" ");
}

function textOf({ attributes }: TraceSpan, keys: readonly string[]): string | undefined {
  return keys.map((key) => attributes.get(key)).find((value): value is string => typeof value === "string");
}

function numberOf({ attributes }: TraceSpan, keys: readonly string[]): number | undefined {
  return keys.map((key) => attributes.get(key)).find((value): value is number => Number.isFinite(value));
}
