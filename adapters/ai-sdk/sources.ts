import type { Citation, Source } from "crosspoint";
import type { Citation as CitationPart, SourcePart } from "./types.ts";

/** The sources of one answer: each is told once, under one id. */
export interface Sources {
  /** The source, if it was not told yet. */
  tell(source: Source): SourcePart[];
  cite(citations: readonly Citation[]): CitationPart[];
}

export function createSources(): Sources {
  const told = new Map<string, SourcePart>();
  const known = (source: Source): { readonly part: SourcePart; readonly fresh: boolean } => {
    const key = source.url ?? source.fileId ?? source.id ?? source.filename ?? source.title ?? "";
    const found = told.get(key);
    if (found !== undefined) return { part: found, fresh: false };
    const part = toPart(source, `source-${told.size}`);
    told.set(key, part);
    return { part, fresh: true };
  };
  return {
    tell(source) {
      const { part, fresh } = known(source);
      return fresh ? [part] : [];
    },
    cite: (citations) =>
      citations.map(({ source, answerStart, answerEnd, citedText }) => ({
        source: known(source).part,
        ...(answerStart === undefined ? undefined : { startIndex: answerStart }),
        ...(answerEnd === undefined ? undefined : { endIndex: answerEnd }),
        ...(citedText === undefined ? undefined : { citedText }),
      })),
  };
}

function toPart({ id, url, title, mediaType, filename, fileId }: Source, fallbackId: string): SourcePart {
  if (url !== undefined) {
    return { type: "source", sourceType: "url", id: id ?? fallbackId, url, ...(title === undefined ? undefined : { title }) };
  }
  return {
    type: "source",
    sourceType: "document",
    id: id ?? fallbackId,
    mediaType: mediaType ?? "text/plain",
    title: title ?? filename ?? fileId ?? "",
    ...(filename === undefined ? undefined : { filename }),
    ...(fileId === undefined ? undefined : { providerMetadata: { crosspoint: { fileId } } }),
  };
}
