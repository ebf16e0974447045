import type { EntryDraft } from "./draft.ts";

/**
 * Different models under one name share its calls; many a tutorial takes that for a fallback. Deployments that say an `order` are meant to follow each other.
 */
export function warnOfMixed(name: string, entries: readonly EntryDraft[]): void {
  if (name.includes("*") || entries.some(({ deployment }) => deployment.option.order !== undefined)) return;
  const models = new Map(
    entries.flatMap((entry) => {
      const known = modelOf(entry);
      return known === undefined ? [] : [[known, entry] as const];
    }),
  );
  if (models.size < 2) return;
  const names = entries.map(({ deployment }) => deployment.model).join(", ");
  const [, second] = [...models.values()];
  second!.at
    .in("model_name")
    .warn(
      `"${name}" stands for different models (${names}): calls are spread over them, which is no fallback. For one, give the second a model_name of its own, ` +
        `say "${name}-fallback", and write router_settings: { fallbacks: [{ "${name}": ["${name}-fallback"] }] }`,
    );
}

/** The model without its host's spelling; unknown where a name of one's own may stand for any. */
function modelOf({ deployment: { model = "", baseModel, prefix, apiBase } }: EntryDraft): string | undefined {
  const provider = prefix ?? model.slice(0, Math.max(0, model.indexOf("/")));
  if (baseModel === undefined && (provider === "azure" || apiBase !== undefined)) return undefined;
  return (baseModel ?? model)
    .toLowerCase()
    .replace(/^.*\//, "")
    .replace(/^(?:[a-z]{2}\.)?(?:anthropic|meta|amazon|mistral|cohere|openai|google|deepseek|qwen)\./, "")
    .replace(/[-@]v\d+(:\d+)?$/, "")
    .replace(/[-@](\d{4}-\d{2}-\d{2}|\d{8}|latest|preview|\d{3})$/, "")
    .replace(/:free$/, "");
}
