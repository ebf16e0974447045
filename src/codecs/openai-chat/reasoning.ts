import type { ModelRequest, ReasoningEffort } from "../../ir/request.ts";
import type { Warning } from "../../ir/response.ts";
import type { Target } from "../../ir/target.ts";
import { reportUnsupported } from "../codec.ts";
import type { Wire } from "./wire.ts";

const LADDER: readonly ReasoningEffort[] = ["none", "minimal", "low", "medium", "high", "xhigh", "max"];

/** Shares of the output limit below which a budget counts as minimal, low, medium, high, xhigh. */
const SHARES = [0.02, 0.1, 0.3, 0.6, 0.9];
const USUAL_OUTPUT = 32_768;

/** Whether the model will think: as asked, else as it does by itself. */
export function thinks({ reasoning }: ModelRequest, { traits }: Target): boolean {
  if (traits.alwaysThinks === true) return true;
  if (reasoning?.effort !== undefined) return reasoning.effort !== "none";
  return reasoning?.budget === undefined ? traits.reasoning === true : reasoning.budget !== 0;
}

/** Writes how much to think in the words of the host. */
export function encodeReasoning(request: ModelRequest, target: Target, body: Wire, warnings: Warning[]): void {
  const { traits, quirks } = target;
  const { effort: asked, budget, visibility } = request.reasoning ?? {};
  const field = quirks.effortField ?? "reasoning_effort";
  const toolsForbid = traits.chatToolsWhileThinking === false && request.tools !== undefined && request.tools.length > 0;
  const exclude = visibility === "none" && field === "reasoning.effort";
  if (visibility !== undefined && visibility !== "auto" && !exclude) {
    reportUnsupported(target, warnings, "reasoning.visibility", "the host shows what it shows");
  }
  let effort = asked ?? (typeof budget === "number" ? effortOf(budget, traits.maxOutput ?? USUAL_OUTPUT) : undefined);
  if (toolsForbid && effort !== "none" && thinks(request, target)) {
    effort = "none";
    warnings.push({ type: "compatibility", feature: "reasoning.effort", details: "set to none: the model takes no tools while it thinks" });
  }
  if (effort === undefined && budget !== "dynamic" && !exclude) return;
  if (traits.reasoning === false || field === "none") {
    if (effort !== "none") reportUnsupported(target, warnings, "reasoning", "the model has no such setting");
    return;
  }
  if (field === "thinking.type") body["thinking"] = { type: effort === "none" && traits.alwaysThinks !== true ? "disabled" : "enabled" };
  if (field === "enable_thinking") {
    body["enable_thinking"] = effort !== "none";
    if (typeof budget === "number" && budget > 0) body["thinking_budget"] = budget;
    return;
  }
  const word = effort === undefined ? undefined : nearest(effort, traits.efforts);
  const spoken = field === "thinking.type" ? traits.efforts !== undefined && effort !== "none" : true;
  if (!spoken) return;
  if (word === undefined && effort !== undefined) {
    if (field !== "thinking.type") reportUnsupported(target, warnings, "reasoning.effort", "the model takes no effort");
    return;
  }
  if (word !== effort || asked === undefined) {
    if (word !== undefined && !toolsForbid)
      warnings.push({ type: "compatibility", feature: "reasoning.effort", details: `sent as ${word}` });
  }
  if (field === "reasoning.effort") {
    const amount =
      typeof budget === "number" && budget > 0 && asked === undefined ? { max_tokens: budget } : word === undefined ? {} : { effort: word };
    body["reasoning"] = { ...amount, ...(exclude ? { exclude: true } : undefined) };
  } else if (word !== undefined) body["reasoning_effort"] = word;
}

function effortOf(budget: number, maxOutput: number): ReasoningEffort {
  if (budget <= 0) return "none";
  const step = SHARES.findIndex((share) => budget <= share * maxOutput);
  return LADDER[step < 0 ? LADDER.length - 1 : step + 1]!;
}

/** The effort itself, else the next lower one that is taken, else the next higher; `none` only when it was asked for. */
function nearest(effort: ReasoningEffort, efforts: readonly string[] | undefined): string | undefined {
  if (efforts === undefined || efforts.includes(effort)) return effort;
  const at = LADDER.indexOf(effort);
  const taken = (each: ReasoningEffort): boolean => each !== "none" && efforts.includes(each);
  return LADDER.slice(0, Math.max(at, 0)).findLast(taken) ?? LADDER.slice(at + 1).find(taken);
}
