import type { Recording } from "./recordings.ts";

type JSONObject = { [key: string]: unknown };

/** A recording changed in one way. `mutation` says how: `drop .usage.total_tokens`. */
export interface Mutant extends Recording {
  readonly mutation: string;
}

/** Longer streams, and all but the first answer of a file, are left out: their fields occur in others. */
const MAX_FRAMES = 40;

/** What makes a frame the frame it is; without it nothing is left to compare. */
const ESSENTIAL = /\.(type|delta)$/;

const isObject = (value: unknown): value is JSONObject => typeof value === "object" && value !== null && !Array.isArray(value);

/** Calls back for every object in a value, with its path; list positions count as one. Arguments of calls are not of the wire. */
function walk(value: unknown, path: string, visit: (object: JSONObject, path: string) => void): void {
  if (Array.isArray(value)) for (const each of value) walk(each, `${path}[]`, visit);
  else if (isObject(value)) {
    const before = Object.entries(value);
    visit(value, path);
    for (const [key, each] of before) if (key !== "args" && key !== "input") walk(each, `${path}.${key}`, visit);
  }
}

const rootOf = (frame: JSONObject): string => (typeof frame["type"] === "string" ? frame["type"] : "");

/** The paths of all fields, each once; frames with a type have paths of their own. */
function pathsOf(frames: readonly JSONObject[]): string[] {
  const paths = new Set<string>();
  for (const frame of frames) {
    walk(frame, rootOf(frame), (object, path) => {
      for (const key of Object.keys(object)) paths.add(`${path}.${key}`);
    });
  }
  return [...paths].filter((path) => !ESSENTIAL.test(path));
}

function edit(frames: readonly JSONObject[], change: (object: JSONObject, path: string) => void): JSONObject[] {
  const copy = structuredClone(frames) as JSONObject[];
  for (const frame of copy) walk(frame, rootOf(frame), change);
  return copy;
}

/** Where each wire has text deltas: the object's path and the field. */
const TEXTS: readonly (readonly [frame: RegExp, holder: (frame: JSONObject) => unknown, field: string])[] = [
  [/^$/, (frame) => (frame["choices"] as { delta?: unknown }[] | undefined)?.[0]?.delta, "content"],
  [/^response\.output_text\.delta$/, (frame) => frame, "delta"],
  [/^content_block_delta$/, (frame) => frame["delta"], "text"],
];

/** Every text delta cut into single characters. */
function cut(frames: readonly JSONObject[]): JSONObject[] {
  return frames.flatMap((frame) => {
    const rule = TEXTS.find(([type]) => type.test(rootOf(frame)));
    const holder = rule?.[1](frame);
    const text = isObject(holder) ? holder[rule![2]] : undefined;
    if (typeof text !== "string" || text.length < 2 || frame["usage"] != null || isFinish(frame)) return [frame];
    return Array.from(text, (character) => {
      const copy = structuredClone(frame);
      (rule![1](copy) as JSONObject)[rule![2]] = character;
      return copy;
    });
  });
}

const isFinish = (frame: JSONObject): boolean =>
  ((frame["choices"] as { finish_reason?: unknown }[] | undefined)?.[0]?.finish_reason ?? null) !== null;

/** All mutants of a recording: each field dropped and made null, unknown fields added, text deltas cut small. */
export function* mutantsOf(recording: Recording): Generator<Mutant> {
  if (recording.payloads.length > MAX_FRAMES || recording.status !== 200 || recording.name.includes(" #")) return;
  let frames: JSONObject[];
  try {
    frames = recording.payloads.map((each) => JSON.parse(each) as JSONObject);
  } catch {
    return;
  }
  const mutant = (mutation: string, changed: readonly JSONObject[]): Mutant => ({
    ...recording,
    mutation,
    payloads: changed.map((each) => JSON.stringify(each)),
  });
  for (const path of pathsOf(frames)) {
    const at = (object: JSONObject, here: string, change: (key: string) => void): void => {
      for (const key of Object.keys(object)) if (`${here}.${key}` === path) change(key);
    };
    yield mutant(
      `drop ${path}`,
      edit(frames, (object, here) => at(object, here, (key) => delete object[key])),
    );
    yield mutant(
      `null ${path}`,
      edit(frames, (object, here) => at(object, here, (key) => (object[key] = null))),
    );
  }
  yield mutant(
    "add unknown fields",
    edit(frames, (object) => (object["x_of_tomorrow"] = { deep: [1] })),
  );
  if (recording.form === "stream") yield mutant("cut deltas", cut(frames));
}
