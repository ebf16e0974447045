import type { StreamEvent } from "../ir/event.ts";
import type { ModelRequest } from "../ir/request.ts";
import type { Warning } from "../ir/response.ts";
import type { Target } from "../ir/target.ts";
import { closeEnds } from "./history/ends.ts";
import { repairParts } from "./history/parts.ts";
import { createRenamer } from "./history/rename.ts";
import { createReport } from "./history/report.ts";
import { idRule, RULES, type Pass } from "./history/rules.ts";
import { repairTools, restoreNames } from "./history/tools.ts";
import { orderTurns } from "./history/turns.ts";
import { askForJSON, jsonToolEvents } from "./structured-output.ts";

export { isOpaqueRejection, stripOpaque } from "./history/state.ts";

/** A request that its target accepts, and the way back. */
export interface Prepared {
  /** The caller's own object when nothing had to change. */
  readonly request: ModelRequest;
  /** One for each kind of change. */
  readonly warnings: readonly Warning[];
  /** Undoes in the answer what was done to the request: tool names, and a tool that stands for structured output. For one answer only. */
  readonly restore?: (events: readonly StreamEvent[]) => readonly StreamEvent[];
}

/**
 * Makes a conversation that began on any provider acceptable to `target`: foreign state goes, ids and names are mapped, calls
 * and results are paired, turns are ordered, media that the model cannot take are named in text. Throws UNSUPPORTED for a file
 * that was uploaded to another provider.
 */
export function prepareHistory(request: ModelRequest, target: Target): Prepared {
  const rules = RULES[target.codec];
  const report = createReport(target);
  const short = target.quirks.toolCallIds === "alnum9";
  const asked = askForJSON(request, target, report);
  const pass: Pass = {
    request,
    target,
    rules,
    report,
    names: createRenamer(rules.names, 64),
    ids: createRenamer(idRule(target), short ? 9 : rules.idLimit),
  };
  const tooled = repairTools(asked.request, pass);
  const renamed = new Map(pass.names.originals);
  const messages = closeEnds(orderTurns(repairParts(tooled.messages, pass), pass), pass);
  const restores = [
    ...(renamed.size === 0 ? [] : [restoreNames(renamed)]),
    ...(asked.tool === undefined ? [] : [jsonToolEvents(asked.tool)]),
  ];
  return {
    request: messages === tooled.messages ? tooled : { ...tooled, messages },
    warnings: report.warnings(),
    ...(restores.length === 0 ? undefined : { restore: (events) => restores.reduce((batch, restore) => restore(batch), events) }),
  };
}
