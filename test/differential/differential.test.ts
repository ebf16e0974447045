import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { page } from "../../scripts/differential.ts";
import { DIFFERENCES, differenceFor, type Difference } from "./differences.ts";
import { mutantsOf, type Mutant } from "./mutations.ts";
import { ours } from "./ours.ts";
import { compare, type Disagreement, type Field } from "./outcome.ts";
import { present, recordings, root, type Recording } from "./recordings.ts";
import { theirs } from "./theirs.ts";

interface Found {
  readonly mutation?: string;
  readonly disagreement: Disagreement;
  readonly listed: Difference | undefined;
}

async function find(recording: Recording | Mutant): Promise<Found[]> {
  const mutation = "mutation" in recording ? { mutation: recording.mutation } : {};
  const other = await theirs(recording);
  // What the AI SDK's schemas refuse, we may still read.
  if (mutation.mutation !== undefined && "failure" in other) return [];
  return compare(await ours(recording), other, recording.payloads.join("\n")).map((disagreement) => ({
    ...mutation,
    disagreement,
    listed: differenceFor(recording.name, disagreement, mutation.mutation),
  }));
}

const compared = new Map<string, Promise<Found[]>>();

/** Compares each recording and its mutants once, whichever test asks first. */
function disagreements(recording: Recording): Promise<Found[]> {
  let found = compared.get(recording.name);
  if (found === undefined) {
    found = Promise.all([recording, ...mutantsOf(recording)].map(find)).then((all) => all.flat());
    compared.set(recording.name, found);
  }
  return found;
}

const unlisted = (found: readonly Found[]) =>
  found.filter(({ listed }) => listed === undefined).map(({ mutation, disagreement }) => ({ mutation, ...disagreement }));

if (!present) test.skip(`skipped: the recordings are not in ${root} (set CROSSPOINT_RECORDED)`, () => undefined);

describe.skipIf(!present)("recorded answers, ours and the AI SDK's", () => {
  test.for(recordings.map((recording) => [recording.name, recording] as const))("%s, and its mutants", async ([, recording]) => {
    expect(unlisted(await disagreements(recording))).toEqual([]);
  });

  test("there are recordings of every wire", () => {
    expect(new Set(recordings.map(({ wire }) => wire)).size).toBe(4);
    expect(recordings.length).toBeGreaterThan(100);
  });

  test("every listed difference still occurs, in each of its fields", { timeout: 120_000 }, async () => {
    const met = new Map<Difference, Set<Field>>();
    for (const recording of recordings) {
      for (const { mutation, disagreement, listed } of await disagreements(recording)) {
        if (listed === undefined || (mutation === undefined) !== (listed.mutations === undefined)) continue;
        met.set(listed, (met.get(listed) ?? new Set()).add(disagreement.field));
      }
    }
    const stale = DIFFERENCES.flatMap((each) =>
      each.fields.filter((field) => !met.get(each)?.has(field)).map((field) => `${field}: ${each.why}`),
    );
    expect(stale).toEqual([]);
  });
});

test("docs/differential.md is current: node scripts/differential.ts", () => {
  expect(readFileSync(new URL("../../docs/differential.md", import.meta.url), "utf8")).toBe(page);
});
