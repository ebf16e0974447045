/** What a bundle of `crosspoint` weighs: the part that every program loads, and what is loaded when it is first needed. */
import { build, type BuildOptions, type Metafile, type Plugin } from "esbuild";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { isMain, print, type Table } from "./report.ts";

const ENTRY = fileURLToPath(new URL("../src/index.ts", import.meta.url));

const SHARED = {
  bundle: true,
  minify: true,
  write: false,
  format: "esm",
  platform: "neutral",
  conditions: ["crosspoint:source"] as string[],
  absWorkingDir: fileURLToPath(new URL("..", import.meta.url)),
  outdir: "size",
  metafile: true,
} as const satisfies BuildOptions;

const FROM_ENTRY = { ...SHARED, entryPoints: [ENTRY] };

const withoutLazyParts: Plugin = {
  name: "without-lazy-parts",
  setup(setup) {
    setup.onResolve({ filter: /./ }, ({ kind, path }) => (kind === "dynamic-import" ? { path, external: true } : undefined));
  },
};

interface Weight {
  readonly bytes: number;
  readonly gzip: number;
}

function weigh(parts: readonly Uint8Array[]): Weight {
  return {
    bytes: parts.reduce((sum, part) => sum + part.length, 0),
    gzip: parts.reduce((sum, part) => sum + gzipSync(part, { level: 9 }).length, 0),
  };
}

/** The static imports of an output, itself included. */
function reach(output: string, outputs: Metafile["outputs"], seen = new Set<string>()): Set<string> {
  if (seen.has(output)) return seen;
  seen.add(output);
  for (const { path, kind } of outputs[output]!.imports) if (kind === "import-statement") reach(path, outputs, seen);
  return seen;
}

export async function benchSize(): Promise<Table> {
  const entry = await build({ ...FROM_ENTRY, plugins: [withoutLazyParts] });
  const layer = await build({
    ...SHARED,
    stdin: { contents: `export { createCrosspoint } from ${JSON.stringify(ENTRY)};`, resolveDir: SHARED.absWorkingDir },
    plugins: [withoutLazyParts],
  });
  const whole = await build(FROM_ENTRY);
  const split = await build({ ...FROM_ENTRY, splitting: true });
  const { outputs } = split.metafile;
  const files = new Map(split.outputFiles.map((file) => [file.path, file.contents]));
  const contentOf = (output: string): Uint8Array => [...files].find(([path]) => path.endsWith(`/${output}`))![1];
  const name = Object.keys(outputs).find((output) => outputs[output]!.entryPoint === "src/index.ts")!;
  const base = reach(name, outputs);
  const rows: { what: string; weight: Weight }[] = [
    { what: "createCrosspoint alone", weight: weigh(layer.outputFiles.map((file) => file.contents)) },
    { what: "all of the entry", weight: weigh(entry.outputFiles.map((file) => file.contents)) },
  ];
  for (const [output, { entryPoint }] of Object.entries(outputs)) {
    if (entryPoint === undefined || output === name) continue;
    const parts = [...reach(output, outputs)].filter((part) => !base.has(part)).map(contentOf);
    rows.push({ what: `+ ${entryPoint.replace(/^src\//, "").replace(/\.ts$/, "")}`, weight: weigh(parts) });
  }
  rows.push({ what: "everything in one file", weight: weigh(whole.outputFiles.map((file) => file.contents)) });
  return {
    title: "Size, minified (bytes; parts that several lazily loaded files share are counted with each)",
    rows: rows.map(({ what, weight }) => ({ what, minified: weight.bytes, gzipped: weight.gzip })),
  };
}

if (isMain(import.meta)) print([await benchSize()]);
