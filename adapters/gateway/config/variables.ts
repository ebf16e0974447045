import type { Trail } from "./report.ts";

export type Env = Readonly<Record<string, string | undefined>>;

/** Called for each variable that is not set; what it returns stands for the whole text. */
type OnMissing = (trail: Trail, name: string) => unknown;

/** Replaces `${NAME}` in every text of a value, and with `whole` the forms `os.environ/NAME` and `ENV/NAME` of a whole text too. */
export function fillVariables(value: unknown, env: Env, onMissing: OnMissing, whole = false, trail: Trail = []): unknown {
  if (typeof value === "string") return fillText(value, env, (name) => onMissing(trail, name), whole);
  if (Array.isArray(value)) return value.map((item, index) => fillVariables(item, env, onMissing, whole, [...trail, index]));
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([key, item]) => [key, fillVariables(item, env, onMissing, whole, [...trail, key])] as const);
  return Object.fromEntries(entries);
}

function fillText(text: string, env: Env, onMissing: (name: string) => unknown, whole: boolean): unknown {
  const named = whole ? /^(?:os\.environ|ENV)\/(\w+)$/.exec(text)?.[1] : undefined;
  if (named !== undefined) return env[named] ?? onMissing(named);
  const names = [...text.matchAll(/\$\{(\w+)\}/g)].map(([, name]) => name!);
  const missing = names.filter((name) => env[name] === undefined);
  // Each that is missing is told, not the first alone.
  const results = missing.map((name) => onMissing(name));
  return missing.length > 0 ? results[0] : text.replace(/\$\{(\w+)\}/g, (_, name: string) => env[name]!);
}
