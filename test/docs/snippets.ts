import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("../..", import.meta.url));

/** A fenced block of a page. */
export interface Snippet {
  /** `README.md:12`. */
  readonly name: string;
  readonly language: string;
  /** The words after the language: `no-run` is compiled only, `fragment` is neither. */
  readonly flags: readonly string[];
  readonly code: string;
}

const FENCE = /^```(\w+)([^\n]*)\n([\s\S]*?)^```$/gm;

/** All fenced blocks of the README and the pages in `docs`. */
export function readSnippets(): readonly Snippet[] {
  const pages = [
    "README.md",
    ...readdirSync(`${root}docs`)
      .filter((name) => name.endsWith(".md"))
      .map((name) => `docs/${name}`),
  ];
  return pages.flatMap((page) => {
    const text = readFileSync(root + page, "utf8");
    return [...text.matchAll(FENCE)].map(([, language, flags, code], index, all) => ({
      name: `${page}:${text.slice(0, all[index]!.index).split("\n").length}`,
      language: language!,
      flags: flags!
        .trim()
        .split(/\s+/)
        .filter((flag) => flag !== ""),
      code: code!,
    }));
  });
}
