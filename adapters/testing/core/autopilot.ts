import type { Step, StepToolCall } from "../types.ts";
import { readHints, synthesize, type Hints } from "./synthesize.ts";
import type { ToolOffer, Turn } from "./turn.ts";

/**
 * What the simulator answers when nothing is scripted: it calls the offered tool, then speaks of the results, fits
 * its output to a schema, and otherwise echoes.
 */
export function automaticStep(turn: Turn): Step {
  const reasoning = turn.reasoning ? { reasoning: `The user said: ${turn.text || "nothing"}. I will answer that.` } : {};
  const calls = chooseTools(turn);
  if (calls.length > 0) {
    const hints = readHints(turn.text);
    return { ...reasoning, toolCalls: calls.map((tool) => callTool(tool, hints)) };
  }
  if (turn.output !== undefined)
    return { ...reasoning, output: turn.output === true ? { answer: turn.text } : synthesize(turn.output, readHints(turn.text)) };
  const seen = turn.media.map((item) => `[${item}]`).join(" ");
  const said =
    turn.toolResults.length > 0
      ? turn.toolResults.map((result) => `${result.name} returned ${result.text}`).join("; ") + "."
      : `You said: ${turn.text}`;
  return { ...reasoning, text: seen === "" ? said : `${said} ${seen}` };
}

function chooseTools(turn: Turn): readonly ToolOffer[] {
  const { mode, names } = turn.choice;
  if (mode === "none") return [];
  const offered = names === undefined ? turn.tools : turn.tools.filter((tool) => names.includes(tool.name));
  const fallback = offered[0];
  // Results of tools that are not offered are another agent's, which handed over.
  const isAnswered = turn.toolResults.some(({ name }) => turn.tools.some((tool) => tool.name === name) || !turn.called.includes(name));
  if (fallback === undefined || (mode === "auto" && isAnswered)) return [];
  const fresh = offered.filter((tool) => !turn.called.includes(tool.name));
  const named = (fresh.length > 0 ? fresh : offered).filter((tool) => mentions(turn.text, tool.name));
  const choice = named[0] ?? fresh[0] ?? fallback;
  if (!turn.parallel || turn.toolResults.length > 0) return [choice];
  if (named.length > 1) return named;
  if (!/\bin parallel\b/i.test(turn.text)) return [choice];
  return named.length === 0 && offered.length > 1 ? offered.slice(0, 2) : [choice, choice];
}

function mentions(text: string, name: string): boolean {
  const words = name
    .toLowerCase()
    .split(/[^a-z0-9]+|(?<=[a-z])(?=[A-Z])/)
    .filter((word) => word !== "");
  const source = ` ${text.toLowerCase().replaceAll(/[^a-z0-9]+/g, " ")} `;
  return text.toLowerCase().includes(name.toLowerCase()) || source.includes(` ${words.join(" ")} `);
}

function callTool(tool: ToolOffer, hints: Hints): StepToolCall {
  if (tool.freeform === true) return { name: tool.name, arguments: hints.words.shift() ?? hints.text };
  const value = synthesize(tool.schema ?? { type: "object" }, hints);
  // Arguments are an object, also where the schema does not say so.
  return { name: tool.name, arguments: typeof value === "object" && !Array.isArray(value) ? (value ?? {}) : {} };
}
