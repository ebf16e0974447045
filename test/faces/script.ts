import type { Step, StepUsage } from "crosspoint/testing";

export const SYSTEM = "You are brief. Ask the tools first, then answer in JSON.";
export const QUESTION = "What is it like in Oslo?";

const city = { type: "object", properties: { city: { type: "string" } }, required: ["city"], additionalProperties: false } as const;

export const TOOLS = {
  weather: { description: "Tells the weather.", inputSchema: city, result: "21 degrees" },
  time: { description: "Tells the time.", inputSchema: city, result: "noon" },
} as const;

export type ToolName = keyof typeof TOOLS;

export const REPORT_SCHEMA = {
  type: "object",
  properties: { city: { type: "string" }, degrees: { type: "number" }, clock: { type: "string" } },
  required: ["city", "degrees", "clock"],
  additionalProperties: false,
} as const;
export const REPORT = { city: "Oslo", degrees: 21, clock: "noon" };

/** Input holds what was read from the cache and written to it, output holds the reasoning. */
export const USED = [
  { input: 1203, cacheRead: 512, cacheWrite: 128, output: 97, reasoning: 41 },
  { input: 1411, cacheRead: 1024, cacheWrite: 64, output: 53, reasoning: 17 },
] as const satisfies readonly Required<StepUsage>[];

export const CALLS = [
  { id: "call_weather_in_oslo", name: "weather", arguments: { city: "Oslo" } },
  { id: "call_time_in_oslo", name: "time", arguments: { city: "Oslo" } },
] as const;

export const SCRIPT: readonly Step[] = [
  { reasoning: "Both must be asked.", text: "Let me look.", toolCalls: CALLS, usage: USED[0] },
  { reasoning: "Now I know.", output: REPORT, usage: USED[1] },
];

/** US dollars per million tokens: every bucket has a price of its own. */
export const PRICES = { input: 3, cacheRead: 0.301, cacheWrite: 3.75, output: 15 } as const;

export function resultOf(name: string): string {
  return TOOLS[name as ToolName].result;
}
