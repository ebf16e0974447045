import { describe, expect, test } from "vitest";
import { DIFFERENCES, differenceFor } from "./differences.ts";
import { ours } from "./ours.ts";
import { compare, type Disagreement } from "./outcome.ts";
import { present, recordings, root, type Recording } from "./recordings.ts";
import { theirs } from "./theirs.ts";

const compared = new Map<string, Promise<Disagreement[]>>();

/** Compares each recording once, whichever test asks first. */
function disagreements(recording: Recording): Promise<Disagreement[]> {
  let found = compared.get(recording.name);
  if (found === undefined) {
    found = Promise.all([ours(recording), theirs(recording)]).then((both) => compare(...both, recording.payloads.join("\n")));
    compared.set(recording.name, found);
  }
  return found;
}

if (!present) test.skip(`skipped: the recordings are not in ${root} (set CROSSPOINT_RECORDED)`, () => undefined);

describe.skipIf(!present)("recorded answers, ours and the AI SDK's", () => {
  test.for(recordings.map((recording) => [recording.name, recording] as const))("%s", async ([name, recording]) => {
    const unlisted = (await disagreements(recording)).filter((each) => differenceFor(name, each) === undefined);
    expect(unlisted).toEqual([]);
  });

  test("there are recordings of every wire", () => {
    expect(new Set(recordings.map(({ wire }) => wire)).size).toBe(4);
    expect(recordings.length).toBeGreaterThan(100);
  });

  test("every listed difference still occurs, in each of its fields", async () => {
    const met = new Set<string>();
    for (const recording of recordings) {
      for (const each of await disagreements(recording)) {
        const listed = differenceFor(recording.name, each);
        if (listed !== undefined) met.add(`${DIFFERENCES.indexOf(listed)} ${each.field}`);
      }
    }
    const stale = DIFFERENCES.flatMap(({ fields, why }, index) =>
      fields.filter((field) => !met.has(`${index} ${field}`)).map((field) => `${field}: ${why}`),
    );
    expect(stale).toEqual([]);
  });
});
