import type { Citation, Source } from "../../ir/content.ts";
import type { JSONObject, JSONValue } from "../../ir/json.ts";
import { isObject, listOf, objectOf, textOf } from "./wire.ts";

/** A grounding chunk as a source; `undefined` when it names none. */
function decodeSource(chunk: JSONValue): Source | undefined {
  const { web, image, maps, retrievedContext } = objectOf(chunk);
  const found = [web, image, maps, retrievedContext].find(isObject);
  if (found === undefined) return undefined;
  const uri = textOf(found.sourceUri) ?? textOf(found.uri);
  const title = textOf(found.title);
  const file = found === retrievedContext ? (textOf(found.documentName) ?? textOf(found.fileSearchStore)) : undefined;
  const source = {
    ...(uri !== undefined && /^https?:/.test(uri)
      ? { url: uri }
      : uri === undefined && file === undefined
        ? undefined
        : { fileId: uri ?? file! }),
    ...(title === undefined ? undefined : { title }),
  };
  return Object.keys(source).length === 0 ? undefined : source;
}

const keyOf = ({ url, fileId, title }: Source): string => url ?? fileId ?? title!;

/** Spans of one answer that are looked for; all of them stay in the provider's own metadata. */
const MAX_SUPPORTS = 1000;

/** What an answer rests on: citations of `text`, and the sources that none of them names, those of `earlier` chunks included. */
export function decodeGrounding(
  metadata: JSONObject,
  text: string,
  earlier: readonly JSONValue[],
): { readonly citations: Citation[]; readonly sources: Source[] } {
  const { groundingChunks, groundingSupports } = objectOf(metadata.groundingMetadata);
  const chunks = listOf(groundingChunks);
  const sources = chunks.map(decodeSource);
  const citations: Citation[] = [];
  const spanOf = createSpans(text);
  const seen = new Set<string>();
  for (const support of listOf(groundingSupports).slice(0, MAX_SUPPORTS)) {
    const { segment, groundingChunkIndices } = objectOf(support);
    const span = spanOf(objectOf(segment));
    if (span === undefined) continue;
    for (const index of listOf(groundingChunkIndices)) {
      const source = typeof index === "number" ? sources[index] : undefined;
      if (source === undefined) continue;
      const words = textOf(objectOf(objectOf(chunks[index as number]).retrievedContext).text);
      citations.push({ source, ...span, ...(words === undefined ? undefined : { citedText: words }) });
      seen.add(keyOf(source));
    }
  }
  const { citations: recited, citationSources } = objectOf(metadata.citationMetadata);
  for (const each of [...listOf(recited), ...listOf(citationSources)].map(objectOf)) {
    const source = decodeSource({ web: each });
    const span = spanOf(each);
    if (source !== undefined && span !== undefined) citations.push({ source, ...span });
  }
  const alone = [...earlier.map(decodeSource), ...sources].filter(
    (source): source is Source => source !== undefined && !seen.has(keyOf(source)) && seen.add(keyOf(source)) !== undefined,
  );
  return { citations, sources: alone };
}

/**
 * Finds a segment of `text`. The wire counts UTF-8 bytes of a part, the IR UTF-16 units of a text block. The segment's own words,
 * where it has them, decide when the two disagree, because a streamed answer has other parts than a whole one.
 */
function createSpans(text: string): (segment: JSONObject) => { readonly answerStart: number; readonly answerEnd: number } | undefined {
  let units: Uint32Array | undefined;
  const unitAt = (byte: number): number => {
    units ??= unitsOf(text);
    return units[Math.min(Math.max(0, Math.trunc(byte)), units.length - 1)]!;
  };
  return (segment) => {
    const { startIndex = 0, endIndex } = segment;
    if (typeof startIndex !== "number" || typeof endIndex !== "number") return undefined;
    const answerStart = unitAt(startIndex);
    const answerEnd = unitAt(endIndex);
    const words = textOf(segment.text);
    if (words === undefined || text.slice(answerStart, answerEnd) === words) {
      return answerEnd > answerStart ? { answerStart, answerEnd } : undefined;
    }
    const found = text.indexOf(words);
    return found < 0 ? undefined : { answerStart: found, answerEnd: found + words.length };
  };
}

/** The UTF-16 index for each UTF-8 byte, and for the end. */
function unitsOf(text: string): Uint32Array {
  const units = new Uint32Array(utf8Length(text, text.length) + 1);
  let byte = 0;
  let unit = 0;
  for (const character of text) {
    const code = character.codePointAt(0)!;
    const length = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    units.fill(unit, byte, byte + length);
    byte += length;
    unit += character.length;
  }
  units[byte] = unit;
  return units;
}

const UTF8 = new TextEncoder();

function utf8Length(text: string, end: number): number {
  return UTF8.encode(text.slice(0, end)).length;
}

/** `groundingMetadata` for a client, from the citations of another provider's answer. */
export function encodeGrounding(
  texts: readonly { readonly text: string; readonly citations?: readonly Citation[] }[],
  sources: readonly Source[],
): JSONObject | undefined {
  const chunks = new Map<string, { index: number; chunk: JSONObject }>();
  const add = ({ url, title, fileId, id, filename }: Source): number => {
    const key = url ?? fileId ?? id ?? filename ?? title ?? "";
    const known = chunks.get(key);
    if (known !== undefined) return known.index;
    const name = title ?? filename;
    const fields = { ...(name === undefined ? undefined : { title: name }), uri: url ?? fileId ?? id ?? "" };
    const index = chunks.size;
    chunks.set(key, { index, chunk: url === undefined ? { retrievedContext: fields } : { web: fields } });
    return index;
  };
  const supports: JSONObject[] = [];
  for (const { text, citations } of texts) {
    for (const { source, answerStart, answerEnd } of citations ?? []) {
      const index = add(source);
      if (answerStart === undefined || answerEnd === undefined) continue;
      const segment = {
        startIndex: utf8Length(text, answerStart),
        endIndex: utf8Length(text, answerEnd),
        text: text.slice(answerStart, answerEnd),
      };
      supports.push({ segment, groundingChunkIndices: [index] });
    }
  }
  sources.forEach(add);
  if (chunks.size === 0) return undefined;
  const groundingChunks = [...chunks.values()].map(({ chunk }) => chunk);
  return { groundingChunks, ...(supports.length === 0 ? undefined : { groundingSupports: supports }) };
}
