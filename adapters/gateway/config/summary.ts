import { createCrosspoint, type Crosspoint, type ModelGroupOption } from "crosspoint";
import type { GatewayConfig } from "./config.ts";
import type { Env } from "./variables.ts";

/** What was understood of a config, in a few lines without any key. */
export async function summarise(config: GatewayConfig, env: Env): Promise<readonly string[]> {
  const { options, port = 4000, host = "127.0.0.1", masterKey, store } = config;
  const crosspoint = createCrosspoint({ env, ...options });
  try {
    const lines = [`listens    ${host}:${port}, ${masterKey === undefined ? "and asks for no key" : "for who has the master key"}`];
    for (const [name, option] of Object.entries(options.models ?? {}))
      lines.push(`model      ${name}: ${leadsTo(name, option, crosspoint)}`);
    if (options.fallbacks !== undefined) lines.push(`fallbacks  ${options.fallbacks.join(", ")}`);
    for (const { id, scope, limit, unit = "usd", window = "month", onExceed = "block" } of options.budgets ?? []) {
      const whom = Object.entries(scope ?? {}).map(([field, value]) => `${field} ${[value].flat().join("|")}`);
      const span = typeof window === "string" ? window : JSON.stringify(window);
      lines.push(`budget     ${id ?? (whom.join(", ") || "all calls")}: ${limit} ${unit}, ${span}, ${onExceed}`);
    }
    for (const { id, scope, rpm, tpm, parallel } of options.limits ?? []) {
      lines.push(`limit      ${id ?? JSON.stringify(scope ?? "all calls")}: ${JSON.stringify({ rpm, tpm, parallel })}`);
    }
    if (store !== undefined) lines.push(`store      ${bare(store)}`);
    else if (options.store === "memory") lines.push("store      memory");
    return lines;
  } finally {
    await crosspoint.close();
  }
}

/** A store's name without user, password and parameters, which may hold them too. */
function bare(store: string): string {
  return store.startsWith("sqlite:") ? store : store.replace(/\/\/.*@/s, "//…@").replace(/\?.*$/s, "");
}

function leadsTo(name: string, option: string | ModelGroupOption, crosspoint: Crosspoint): string {
  if (typeof option === "string") return option;
  const fallbacks = option.fallbacks === undefined || option.fallbacks.length === 0 ? "" : `; falls back to ${option.fallbacks.join(", ")}`;
  if (name.includes("*")) return option.deployments.map((each) => (typeof each === "string" ? each : each.model)).join(", ") + fallbacks;
  const told = crosspoint.deployments(name).map(({ id, keyFrom, keyOptional }) => {
    return `${id} (${keyFrom === undefined ? (keyOptional ? "without a key" : "NO KEY") : `key from ${keyFrom}`})`;
  });
  return told.join(", ") + fallbacks;
}
