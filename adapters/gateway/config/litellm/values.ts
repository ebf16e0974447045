import type { At } from "./rule.ts";

export function toNumber(value: unknown, at: At): number | undefined {
  const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  return typeof number === "number" && number >= 0 && number < Infinity ? number : at.error("must be a number of at least 0");
}

/** Seconds as milliseconds. */
export function toMs(value: unknown, at: At): number | undefined {
  const seconds = toNumber(value, at);
  return seconds === undefined ? undefined : Math.round(seconds * 1000);
}

export function toText(value: unknown, at: At): string | undefined {
  if (typeof value === "number") return String(value);
  return typeof value === "string" && value !== "" ? value : at.error("must be a text");
}

export function toFlag(value: unknown, at: At): boolean | undefined {
  if (typeof value === "boolean") return value;
  const word = typeof value === "string" ? value.toLowerCase() : "";
  return word === "true" ? true : word === "false" ? false : at.error("must be true or false");
}

export function toTexts(value: unknown, at: At): readonly string[] | undefined {
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  const wrong = list.findIndex((each) => typeof each !== "string" || each === "");
  return wrong < 0 ? (list as readonly string[]) : at.error("must be a list of texts");
}

export function toMapping(value: unknown, at: At): Readonly<Record<string, unknown>> | undefined {
  const isMapping = typeof value === "object" && value !== null && !Array.isArray(value);
  return isMapping ? (value as Readonly<Record<string, unknown>>) : at.error("must be a mapping");
}
