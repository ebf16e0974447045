import type { EntryField, SpendEntry, SummedTokens } from "crosspoint";

/** The columns of the spend log that hold one word, named as their fields. */
const WORDS: Readonly<Record<EntryField, true>> = {
  user: true,
  team: true,
  project: true,
  session: true,
  key: true,
  model: true,
  provider: true,
  deployment: true,
  outcome: true,
  error: true,
};

/** The columns that are summed under the field of that name. */
export const TOKEN_COLUMNS: Readonly<Record<SummedTokens, string>> = {
  inputTokens: "input_tokens",
  cacheReadTokens: "cache_read_tokens",
  cacheWriteTokens: "cache_write_tokens",
  outputTokens: "output_tokens",
  reasoningTokens: "reasoning_tokens",
};

const WORD_FIELDS = Object.keys(WORDS) as readonly EntryField[];
const TOKEN_FIELDS = Object.keys(TOKEN_COLUMNS) as readonly SummedTokens[];

type ColumnType = "text" | "bigint" | "json";

interface Column {
  readonly name: string;
  readonly type: ColumnType;
  readonly read: (entry: SpendEntry) => string | number | null;
}

/** What the spend log is asked by; `entry` is the whole entry as JSON. */
export const COLUMNS: readonly Column[] = [
  { name: "id", type: "text", read: (entry) => entry.id },
  { name: "time", type: "bigint", read: (entry) => Math.floor(entry.time) },
  ...WORD_FIELDS.map((field): Column => ({ name: wordColumn(field), type: "text", read: (entry) => entry[field] ?? null })),
  ...TOKEN_FIELDS.map((field): Column => ({ name: TOKEN_COLUMNS[field], type: "bigint", read: (entry) => entry[field] ?? null })),
  { name: "nano_usd", type: "bigint", read: (entry) => entry.nanoUsd ?? null },
  { name: "estimated", type: "bigint", read: (entry) => (entry.estimated === true ? 1 : null) },
  { name: "tags", type: "json", read: ({ tags }) => (tags === undefined ? null : JSON.stringify([...new Set(tags.map(wellFormed))])) },
  { name: "metadata", type: "json", read: ({ metadata }) => (metadata === undefined ? null : wellFormedJson(metadata)) },
  { name: "entry", type: "text", read: (entry) => JSON.stringify(entry) },
];

/** The quoted name of a field's column (`user` is a word of SQL), for any text that a query may carry: undefined when it names none. */
export function wordColumn(field: EntryField): string;
export function wordColumn(field: string): string | undefined;
export function wordColumn(field: string): string | undefined {
  return Object.hasOwn(WORDS, field) ? `"${field}"` : undefined;
}

/** Databases refuse JSON with half a surrogate pair. */
function wellFormedJson(metadata: Readonly<Record<string, string>>): string {
  return JSON.stringify(Object.fromEntries(Object.entries(metadata).map(([key, value]) => [wellFormed(key), wellFormed(value)])));
}

function wellFormed(text: string): string {
  return text.toWellFormed();
}
