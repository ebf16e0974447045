import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";

const ROOT = join(import.meta.dirname, "../..");
const COMMENTS_AND_TEXTS = /\/\*[^]*?\*\/|\/\/.*|"(?:[^"\\\n]|\\.)*"/g;

let folder = "";

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "declarations-"));
  const flags = ["--emitDeclarationOnly", "--declarationMap", "false", "--sourceMap", "false", "--outDir", folder];
  const tsc = join(ROOT, "node_modules/typescript/bin/tsc");
  const { status, stdout } = spawnSync(process.execPath, [tsc, "-p", "tsconfig.build.json", ...flags], { cwd: ROOT, encoding: "utf8" });
  expect(stdout).toBe("");
  expect(status).toBe(0);
}, 120_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The lines that say `any`, of a declaration file and all it refers to here. */
function linesWithAny(file: string, seen: Set<string>): string[] {
  if (seen.has(file)) return [];
  seen.add(file);
  const text = readFileSync(file, "utf8");
  const lines = text.replaceAll(COMMENTS_AND_TEXTS, '""').split("\n");
  const own = lines.filter((line) => /\bany\b/.test(line)).map((line) => `${file.slice(folder.length)}: ${line.trim()}`);
  const referred = [...text.matchAll(/(?:\bfrom |\bimport\(?\s*)"(\.[^"]+)"/g)].map(([, path]) =>
    join(dirname(file), path!.replace(/\.[jt]s$/, ".d.ts")),
  );
  return [...own, ...referred.flatMap((each) => linesWithAny(each, seen))];
}

const { exports } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as {
  exports: Record<string, string | { default: string }>;
};
const ENTRIES = Object.entries(exports).flatMap(([name, target]) => (typeof target === "string" ? [] : [[name, target.default] as const]));

test.each(ENTRIES)("the types of %s say any nowhere", (_name, path) => {
  expect(linesWithAny(join(folder, path.replace("./dist/", "").replace(/\.js$/, ".d.ts")), new Set())).toEqual([]);
});

test("any is found where it stands, also in a file that is referred to", () => {
  writeFileSync(join(folder, "a.d.ts"), 'export type { B } from "./b.ts";\n/** any */ export type A = "any";');
  writeFileSync(join(folder, "b.d.ts"), "export type B = readonly any[]; // any");
  expect(linesWithAny(join(folder, "a.d.ts"), new Set())).toEqual(['/b.d.ts: export type B = readonly any[]; ""']);
});
