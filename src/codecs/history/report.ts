import type { Warning } from "../../ir/response.ts";
import type { Target } from "../../ir/target.ts";
import { reportUnsupported } from "../codec.ts";

const CHANGES = {
  state: "left out the reasoning state of another provider or model",
  sealed: "left out a reasoning envelope that was not opened",
  reasoning: "left out reasoning that the target cannot verify",
  misplaced: "left out a part that its role cannot hold",
  roles: "moved to a turn of its own role",
  empty: "left out empty content",
  surrogate: "replaced broken characters",
  json: "replaced values that JSON cannot hold",
  provider: "left out a block that only its own provider understands",
  items: "left out item ids that belong to a dropped item",
  id: "mapped a tool-call id to one that the target takes",
  name: "mapped a tool name to one that the target takes",
  missing: "added an error result for a call without one",
  orphan: "turned a result without a call into user text",
  duplicate: "left out a second result of one call",
  order: "ordered tool results as their calls",
  merge: "merged assistant turns",
  file: "moved files of a tool result into a user turn",
  first: "added a user turn at the beginning",
  last: "added a user turn after the assistant's last",
  trim: "trimmed the end of the last assistant turn",
  twice: "left out a second tool of one name",
  jsonTool: "a tool carries the structured answer",
  jsonText: "an instruction asks for JSON",
} as const;

const UNSUPPORTED = {
  media: "the model cannot take this media; a text names it instead",
  tool: "only its own provider runs this tool",
} as const;

/** What was changed, in one word; its first place stands for all. */
export type Change = keyof typeof CHANGES | keyof typeof UNSUPPORTED;

/** Gathers what the passes change: one warning for each kind of change. */
export interface Report {
  note(change: Change, feature: string): void;
  /** The same, for a part of a message. */
  at(change: Change, message: number, part?: number): void;
  /** The place in the caller's request of a message that an earlier pass moved. */
  readonly origin: number[];
  /** Throws UNSUPPORTED where the target's policy says so. */
  warnings(): readonly Warning[];
}

const none: readonly Warning[] = [];

export function createReport(target: Target): Report {
  let seen: Map<Change, { readonly feature: string; count: number }> | undefined;
  const origin: number[] = [];
  const note = (change: Change, feature: string): void => {
    const entry = (seen ??= new Map()).get(change);
    if (entry === undefined) seen.set(change, { feature, count: 1 });
    else entry.count += 1;
  };
  return {
    note,
    at: (change, message, part) => note(change, `messages[${origin[message] ?? message}]${part === undefined ? "" : `.content[${part}]`}`),
    origin,
    warnings() {
      if (seen === undefined) return none;
      const warnings: Warning[] = [];
      for (const [change, { feature, count }] of seen) {
        const times = count === 1 ? "" : ` (${count} times)`;
        if (change === "media" || change === "tool") reportUnsupported(target, warnings, feature, UNSUPPORTED[change] + times);
        else warnings.push({ type: "compatibility", feature, details: CHANGES[change] + times });
      }
      return warnings;
    },
  };
}
