import { env, stdout } from "node:process";
import type { ProviderSettings, SpendRow } from "crosspoint";
import { createSimulator } from "crosspoint/testing";

interface Stage {
  readonly providers: Readonly<Record<string, ProviderSettings>>;
  readonly close: () => Promise<void>;
}

const KEYS: Readonly<Record<string, string>> = {
  openai: "OPENAI_API_KEY",
  "openai-chat": "OPENAI_API_KEY",
  anthropic: "ANTHROPIC_API_KEY",
  google: "GEMINI_API_KEY",
};

/** A model of the provider `broken` that never answers. */
export const DOWN = "gemini-that-is-down";

/** Starts the simulated providers; those whose key is in the environment stay real. */
export async function startProviders(): Promise<Stage> {
  const simulator = createSimulator();
  const server = await simulator.listen();
  const all = simulator.providers(server.url);
  const simulated = Object.entries(all).filter(([id]) => env[KEYS[id]!] === undefined);
  const real = Object.keys(KEYS).filter((id) => env[KEYS[id]!] !== undefined);
  stdout.write(`Simulated providers on ${server.url}${real.length === 0 ? "; no key is needed" : `; real: ${real.join(", ")}`}\n`);
  simulator.fault({ model: DOWN, status: 503, times: Infinity });
  const broken = { codec: "gemini", ...all.google } as const;
  return { providers: { ...Object.fromEntries(simulated), broken }, close: () => server.close() };
}

export function printAnswer(title: string, text: string): void {
  stdout.write(`\n${title}\n  ${text.replaceAll("\n", "\n  ")}\n`);
}

const usd = new Intl.NumberFormat("en-US", { style: "currency", currency: "USD", minimumFractionDigits: 6 });

/** One line a call: who asked, what answered, what it used and cost, and the tries it took. */
export function printSpend(rows: readonly SpendRow[]): void {
  const head = ["user", "team", "project", "model", "input", "output", "cost", "attempts"];
  const lines = rows.map(({ attribution, deployment, usage, cost, attempts }) => [
    attribution?.user ?? "",
    attribution?.team ?? "",
    attribution?.project ?? "",
    deployment ?? "",
    String(usage?.input.total ?? "?"),
    String(usage?.output.total ?? "?"),
    cost === undefined ? "unknown" : usd.format(cost.total),
    attempts.map(({ outcome, reason, deployment: at }) => (outcome === "success" ? reason : `${reason} ✗ ${at}`)).join(", "),
  ]);
  const widths = head.map((title, column) => Math.max(title.length, ...lines.map((line) => line[column]!.length)));
  const print = (cells: readonly string[]): void => {
    stdout.write(
      `  ${cells
        .map((cell, column) => (column >= 4 && column <= 6 ? cell.padStart(widths[column]!) : cell.padEnd(widths[column]!)))
        .join("  ")
        .trimEnd()}\n`,
    );
  };
  stdout.write("\nCalls\n");
  print(head);
  lines.forEach(print);
  const total = rows.reduce((sum, { cost }) => sum + (cost?.nanoUsd ?? 0), 0);
  stdout.write(
    `\n  ${rows.length} calls, ${rows.reduce((sum, { usage }) => sum + (usage?.total ?? 0), 0)} tokens, ${usd.format(total / 1e9)}\n`,
  );
}
