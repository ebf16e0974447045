import { hint } from "../nearest.ts";
import type { Report, Trail } from "../report.ts";

/** One key of LiteLLM's config: what it becomes here, or why it becomes nothing. */
export type Rule<Draft> =
  | { readonly to: string; readonly set: (value: unknown, draft: Draft, at: At) => void }
  /** It has no meaning here, and why. Told as a warning. */
  | { readonly none: string }
  /** Without it the gateway would let in whom it should not. Told as an error. */
  | { readonly refused: string };

export type Rules<Draft> = Readonly<Record<string, Rule<Draft>>>;

/** Where a key stands, and how to tell what is wrong with it. */
export interface At {
  readonly trail: Trail;
  readonly error: (message: string) => undefined;
  readonly warn: (message: string) => undefined;
  /** `config.yaml:3:5` of what a trail from the beginning of the file leads to. */
  readonly place: (trail: Trail) => string;
  /** A place inside. */
  readonly in: (...steps: Trail) => At;
}

export function createAt(trail: Trail, locate: (trail: Trail) => string, report: Report): At {
  return {
    trail,
    place: locate,
    error: (message) => report.error(locate(trail), `${nameOf(trail)} ${message}`) as undefined,
    warn: (message) => report.warn(locate(trail), `${nameOf(trail)} ${message}`) as undefined,
    in: (...steps) => createAt([...trail, ...steps], locate, report),
  };
}

/** `model_list[0].litellm_params.rpm`. */
function nameOf(trail: Trail): string {
  return trail.map((step, index) => (typeof step === "number" ? `[${step}]` : index === 0 ? step : `.${step}`)).join("");
}

/** Applies a table of rules to a section of the file; every key is applied or told of. What is empty counts as not there. */
export function applyRules<Draft>(section: unknown, rules: Rules<Draft>, draft: Draft, at: At): void {
  if (section === undefined || section === null) return;
  if (typeof section !== "object" || Array.isArray(section)) return at.error("must be a mapping");
  for (const [key, value] of Object.entries(section)) {
    const rule = Object.hasOwn(rules, key) ? rules[key]! : undefined;
    const here = at.in(key);
    if (rule === undefined) here.warn(`is unknown${hint(key, Object.keys(rules))}`);
    else if ("none" in rule) here.warn(`has no meaning here: ${rule.none}`);
    else if (value === undefined || value === null) continue;
    else if ("set" in rule) rule.set(value, draft, here);
    else if (value === false) continue;
    else here.error(`is not to be had here: ${rule.refused}`);
  }
}
