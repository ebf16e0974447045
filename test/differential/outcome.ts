/** What both sides say of one answer, in one form. Only what stands in it is compared. */
export interface Answer {
  readonly text: string;
  readonly reasoning: string;
  /** Calls of the caller's tools, in order. */
  readonly calls: readonly { readonly id: string; readonly name: string; readonly arguments: string }[];
  readonly sources: readonly { readonly url?: string; readonly title?: string }[];
  readonly finish: string;
  readonly usage: {
    readonly input: Readonly<Record<"total" | "uncached" | "cacheRead" | "cacheWrite", number | undefined>>;
    readonly output: Readonly<Record<"total" | "text" | "reasoning", number | undefined>>;
  };
}

export interface Failure {
  /** Absent where the failure came inside a stream that had begun with 200. */
  readonly status: number | undefined;
  readonly message: string;
}

export type Outcome = { readonly answer: Answer } | { readonly failure: Failure };

/** The fields that are compared; their values are plain data. */
export const FIELDS = {
  outcome: "that both answer, or both fail",
  error: "the message of a failure, and its HTTP status where the answer had one",
  text: "the whole text",
  reasoning: "the whole reasoning text",
  calls: "the calls of the caller's tools, in order: id and name",
  arguments: "the arguments of these calls, as text",
  "arguments.parsed": "the arguments of these calls, as parsed JSON",
  sources: "the sources, each once, in any order: URL and title",
  finish: "the unified finish reason",
  "usage.input.total": "input tokens",
  "usage.input.uncached": "input tokens that no cache held",
  "usage.input.cacheRead": "input tokens read from a cache",
  "usage.input.cacheWrite": "input tokens written to a cache",
  "usage.output.total": "output tokens",
  "usage.output.text": "output tokens that are text",
  "usage.output.reasoning": "output tokens that are reasoning",
} as const;
export type Field = keyof typeof FIELDS;

type Facts = Readonly<Partial<Record<Field, unknown>>>;

/** One disagreement. */
export interface Disagreement {
  readonly field: Field;
  readonly ours: unknown;
  readonly theirs: unknown;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text === "" ? "{}" : text);
  } catch {
    return { invalid: text };
  }
}

const keyOf = ({ url, title }: Answer["sources"][number]): string => url ?? title ?? "";

/** The outcome field by field. Ids that the wire does not hold were made up, and only their being there counts. */
function factsOf(outcome: Outcome, wire: string): Facts {
  if ("failure" in outcome) return { outcome: "failure", error: outcome.failure };
  const { text, reasoning, calls, sources, finish, usage } = outcome.answer;
  const seen = new Set<string>();
  const { input, output } = usage;
  return {
    outcome: "answer",
    text,
    reasoning,
    calls: calls.map(({ id, name }) => ({ id: id === "" ? "" : wire.includes(JSON.stringify(id).slice(1, -1)) ? id : "(made up)", name })),
    arguments: calls.map((call) => call.arguments),
    "arguments.parsed": calls.map((call) => parsed(call.arguments)),
    sources: sources
      .toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))
      .filter((source) => !seen.has(keyOf(source)) && seen.add(keyOf(source)) !== undefined),
    finish,
    "usage.input.total": input.total,
    "usage.input.uncached": input.uncached,
    // Where one side leaves a special bucket out, the other may call it empty.
    "usage.input.cacheRead": input.cacheRead ?? 0,
    "usage.input.cacheWrite": input.cacheWrite ?? 0,
    "usage.output.total": output.total,
    "usage.output.text": output.text,
    "usage.output.reasoning": output.reasoning ?? 0,
  };
}

/** Where two outcomes of one answer disagree. `wire` is what the provider sent. */
export function compare(ours: Outcome, theirs: Outcome, wire: string): Disagreement[] {
  const [mine, others] = [factsOf(ours, wire), factsOf(theirs, wire)];
  const same = mine.outcome === others.outcome;
  const fields = same ? (Object.keys(FIELDS) as Field[]) : (["outcome"] as const);
  const shown = (facts: Facts, field: Field): unknown => (same ? facts[field] : (facts.error ?? facts.outcome));
  return fields.flatMap((field) => {
    const [left, right] = [shown(mine, field), shown(others, field)];
    return equal(field, left, right) ? [] : [{ field, ours: left, theirs: right }];
  });
}

function equal(field: Field, left: unknown, right: unknown): boolean {
  if (field === "error" && left !== undefined && right !== undefined) {
    const [a, b] = [left as Failure, right as Failure];
    return a.message === b.message && (a.status === b.status || a.status === undefined || b.status === undefined);
  }
  return canonical(left) === canonical(right);
}

/** JSON text that does not depend on the order of keys. */
function canonical(value: unknown): string {
  const sorted = (_key: string, each: unknown): unknown =>
    typeof each === "object" && each !== null && !Array.isArray(each)
      ? Object.fromEntries(Object.entries(each).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : each;
  return JSON.stringify(value, sorted) ?? "undefined";
}
