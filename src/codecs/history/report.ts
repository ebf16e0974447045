import type { Warning } from "../../ir/response.ts";
import type { Target } from "../../ir/target.ts";
import { reportUnsupported } from "../codec.ts";

const CHANGES = {
  state: "reasoning state of another provider or model left out",
  sealed: "unopened reasoning envelope left out",
  reasoning: "reasoning that the target cannot verify left out",
  misplaced: "part that its role cannot hold left out",
  roles: "part moved to a turn of its own role",
  empty: "empty content left out",
  mended: "values that JSON cannot hold replaced",
  provider: "block of another provider left out",
  items: "item ids left out",
  id: "tool-call id mapped",
  name: "tool name mapped",
  missing: "tool call without result given an error result",
  orphan: "tool result without call moved into a user turn",
  duplicate: "second tool result of one call left out",
  order: "tool results ordered as their calls",
  merge: "assistant turns merged",
  file: "files of a tool result moved into a user turn",
  first: "user turn added at the beginning",
  last: "user turn added at the end",
  trim: "white space at the end left out",
  twice: "second tool of one name left out",
  jsonTool: "structured answer carried by a tool",
  jsonText: "JSON asked for by an instruction",
} as const;

/** Of these the target's policy decides. */
const UNSUPPORTED = {
  media: "media that the model cannot take replaced by a text",
  tool: "tool that only another provider runs left out",
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
