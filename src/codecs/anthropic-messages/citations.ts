import type { Citation, Source } from "../../ir/content.ts";
import type { JSONObject } from "../../ir/json.ts";
import { isObject, list, text } from "./wire.ts";

/** A citation of this wire cites a span of its source; the whole of it rides along for the way back. */
export function decodeCitation(value: JSONObject, family: string): Citation {
  const { url, title, document_title, file_id, source, cited_text } = value;
  const found: { -readonly [K in keyof Source]: Source[K] } = {};
  const address = text(url) ?? text(source);
  const name = text(title) ?? text(document_title);
  const file = text(file_id);
  if (address !== undefined) found.url = address;
  if (name !== undefined) found.title = name;
  if (file !== undefined) found.fileId = file;
  const words = text(cited_text);
  return { source: found, ...(words !== undefined && { citedText: words }), raw: { family, value } };
}

/** The citations that the family understands, as it sent them. */
export function encodeCitations(citations: readonly Citation[] | undefined, family: string): JSONObject[] | undefined {
  const raw = citations?.flatMap((citation) => (citation.raw?.family === family ? [citation.raw.value] : []));
  return raw?.length ? raw : undefined;
}

/** The pages that a web search found. */
export function searchSources(block: JSONObject): Source[] {
  return list(block["content"]).flatMap((result) => {
    if (!isObject(result)) return [];
    const url = text(result["url"]);
    const title = text(result["title"]);
    return url === undefined ? [] : [{ url, ...(title !== undefined && { title }) }];
  });
}
