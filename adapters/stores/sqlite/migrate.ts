import type { DatabaseSync } from "node:sqlite";
import { migrations } from "../sql/schema.ts";

const STEPS = migrations({ text: "text", json: "text" });

/** Brings a file to this version's tables, once, whoever comes first. */
export function migrate(database: DatabaseSync): void {
  if (textOf(database, "journal_mode") !== "wal") database.exec("pragma journal_mode = wal");
  database.exec("pragma synchronous = normal; pragma cache_size = -16000");
  if (versionOf(database) >= STEPS.length) return;
  database.exec("begin immediate");
  for (const step of STEPS.slice(versionOf(database))) database.exec(step);
  database.exec(`pragma user_version = ${Math.max(versionOf(database), STEPS.length)}; commit`);
}

function versionOf(database: DatabaseSync): number {
  return Number(textOf(database, "user_version"));
}

function textOf(database: DatabaseSync, pragma: string): string {
  return String(Object.values(database.prepare(`pragma ${pragma}`).get() ?? {})[0]);
}
