import { CrosspointError } from "../ir/error.ts";

/** Names that belong to one provider wherever they are known. Open-weight models are not among them: many hosts serve those. */
const FAMILIES: readonly (readonly [RegExp, string])[] = [
  [/^(?:gpt-(?!oss)|chatgpt-|o\d(?:-|$)|ft:|codex-|text-embedding-)/, "openai"],
  [/^claude-/, "anthropic"],
  [/^(?:gemini|gemma)-/, "google"],
  [/^(?:open-)?(?:mistral|mixtral|ministral|codestral|devstral|magistral|pixtral|voxtral)-/, "mistral"],
  [/^deepseek-/, "deepseek"],
  [/^grok-/, "xai"],
  [/^sonar(?:-|$)/, "perplexity"],
  [/^command-/, "cohere"],
];

/** The provider that a bare model name belongs to. */
export function providerOf(name: string): string | undefined {
  return FAMILIES.find(([pattern]) => pattern.test(name))?.[1];
}

/** Changes of one character, or swaps of two neighbours, between two texts; above `limit` any larger number. */
function distance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit) return limit + 1;
  let [older, last]: number[][] = [[], Array.from({ length: b.length + 1 }, (_, index) => index)];
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let cost = Math.min(last![j]! + 1, row[j - 1]! + 1, last![j - 1]! + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) cost = Math.min(cost, older![j - 2]! + 1);
      row.push(cost);
    }
    if (Math.min(...row) > limit) return limit + 1;
    [older, last] = [last, row];
  }
  return last![b.length]!;
}

const LONGEST = 100;

/** The candidates that a misspelt text may mean, nearest first, three at most. */
export function nearest(text: string, candidates: Iterable<string>): readonly string[] {
  if (text.length > LONGEST) return [];
  const wanted = text.toLowerCase();
  const limit = Math.min(3, Math.ceil(text.length / 4));
  const found: { candidate: string; away: number }[] = [];
  for (const candidate of candidates) {
    const away = distance(wanted, candidate.toLowerCase(), limit);
    if (away <= limit && away < wanted.length) found.push({ candidate, away });
  }
  found.sort((a, b) => a.away - b.away);
  return [...new Set(found.map(({ candidate }) => candidate))].slice(0, 3);
}

/** A caller's text, fit to be shown in a message: on one line, cut, no control characters. */
export function quote(text: unknown): string {
  if (typeof text !== "string") return `of type ${text === null ? "null" : typeof text}`;
  return JSON.stringify(text.slice(0, LONGEST).replace(/[\p{C}\p{Z}]/gu, " ")) + (text.length > LONGEST ? "…" : "");
}

/** Explains how the model is to be written, with the nearest of what there is. `ids` and `names` are providers and configured models. */
export function unknownModel(model: unknown, ids: Iterable<string>, names: Iterable<string>): CrosspointError {
  let near: readonly string[] = [];
  if (typeof model === "string") {
    const slash = model.indexOf("/");
    const known = [...names];
    const rest = slash < 0 ? "/<model>" : model.slice(slash, LONGEST).replace(/[\p{C}\p{Z}]/gu, "");
    const ending = known.filter((name) => model !== "" && name.endsWith(`/${model}`)).slice(0, 3);
    near = [
      ...ending,
      ...nearest(model, known),
      ...nearest(slash < 0 ? model : model.slice(0, slash), ids).map((id) => id + (rest === "/" ? "/<model>" : rest)),
    ];
  }
  let hint = "";
  if (near.length > 0) hint = ` Did you mean ${[...new Set(near)].slice(0, 3).join(", ")}?`;
  else if (/^[^/]+\//.test(String(model))) hint = " Its provider is not there by name: give it under providers, with codec and baseURL.";
  return new CrosspointError(
    "MODEL_NOT_FOUND",
    `No model ${quote(model)}.${hint} Write provider/model (such as openai/gpt-5-mini), a well-known name (gpt-…, claude-…, gemini-…), or a name from the models option.`,
    typeof model === "string" ? { model: model.slice(0, LONGEST), param: "model" } : { param: "model" },
  );
}
