import type { ModelRequest } from "../../ir/request.ts";
import type { StreamEvent } from "../../ir/event.ts";
import type { CustomTool, FunctionTool, Tool, ToolChoice } from "../../ir/tool.ts";
import { mapKept } from "./list.ts";
import { scopeOf, type Pass } from "./rules.ts";
import { mendText } from "./text.ts";

/** Gives tools and the choice among them names that the target takes, and leaves out what only another provider runs. */
export function repairTools(request: ModelRequest, { names, report, target }: Pass): ModelRequest {
  const { tools, toolChoice } = request;
  if (tools === undefined || tools.length === 0) return request;
  // Names that fit have the first claim to themselves.
  const nameOf = (tool: FunctionTool | CustomTool): string =>
    names.of(tool.name, (tool.type === "custom" ? undefined : scopeOf(tool, target)) ?? "");
  for (const tool of tools) if (tool.type !== "provider" && names.fits(tool.name)) nameOf(tool);
  const seen = new Set<string>();
  const kept = mapKept(tools, (tool: Tool, index) => {
    if (tool.type === "provider") {
      if (tool.family === target.family || tool.family === target.codec) return tool;
      report.note("tool", `tools[${index}]`);
      return undefined;
    }
    const name = nameOf(tool);
    const key = JSON.stringify([tool.name, tool.type === "custom" ? undefined : tool.namespace]);
    if (seen.has(key)) {
      report.note("twice", `tools[${index}]`);
      return undefined;
    }
    seen.add(key);
    if (name !== tool.name) report.note("name", `tools[${index}]`);
    const mended = mendText(tool);
    return name === tool.name ? mended : { ...mended, name };
  });
  const choice = toolChoice === undefined ? undefined : renameChoice(toolChoice, names.of);
  if (choice !== toolChoice) report.note("name", "toolChoice");
  if (kept === tools && choice === toolChoice) return request;
  const { tools: _tools, toolChoice: _choice, parallelToolCalls, ...rest } = request;
  if (kept.length === 0) return rest;
  return {
    ...rest,
    tools: kept,
    ...(choice === undefined ? undefined : { toolChoice: choice }),
    ...(parallelToolCalls === undefined ? undefined : { parallelToolCalls }),
  };
}

function renameChoice(choice: ToolChoice, rename: (name: string) => string): ToolChoice {
  if (typeof choice === "string") return choice;
  if ("tool" in choice) {
    const tool = rename(choice.tool);
    return tool === choice.tool ? choice : { tool };
  }
  const tools = mapKept(choice.tools, (name) => rename(name));
  return tools === choice.tools ? choice : { ...choice, tools };
}

/** Gives calls the names that the caller knows. */
export function restoreNames(originals: ReadonlyMap<string, string>): (events: readonly StreamEvent[]) => readonly StreamEvent[] {
  return (events) =>
    mapKept(events, (event) => {
      const name = event.type === "tool-call-start" ? originals.get(event.name) : undefined;
      return name === undefined ? event : ({ ...event, name } as StreamEvent);
    });
}
