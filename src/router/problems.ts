import { CrosspointError } from "../ir/error.ts";
import type { Registry } from "../providers/registry.ts";
import { checkGroups } from "./check-group.ts";
import type { Groups, ModelGroupOption } from "./groups.ts";
import { wrong } from "./options.ts";
import { fillIn } from "./pattern.ts";

/** What is said of models. */
export interface ModelOptions {
  readonly models?: Readonly<Record<string, string | ModelGroupOption>>;
  readonly fallbacks?: readonly string[];
  readonly defaultModel?: string;
  readonly budgets?: readonly { readonly to?: string }[];
}

const LISTS = ["fallbacks", "contextWindowFallbacks", "contentPolicyFallbacks"] as const;

/**
 * All that is wrong with what the options say of models: fields that are unknown or of a wrong type, names that lead nowhere or to themselves, providers
 * that lack a base URL. Each is INVALID_OPTIONS, and its `param` says where, as `models.smart.deployments[1].model`. Keys are not looked for.
 */
export function problemsOf(
  { models = {}, fallbacks = [], defaultModel, budgets = [] }: ModelOptions,
  groups: Groups,
  registry: Registry,
): readonly CrosspointError[] {
  const found = new Map<string, CrosspointError>();
  const attempt = (param: string, check: () => unknown): void => {
    try {
      check();
    } catch (error) {
      const problem =
        CrosspointError.is(error, "INVALID_OPTIONS") && error.param !== undefined ? error : wrong(param, `is wrong: ${why(error)}`);
      found.set(problem.message, problem);
    }
  };
  /** What holds a `*` is only known when it is asked for. */
  const leads = (param: string, name: unknown): void => {
    if (typeof name === "string" && !name.includes("*")) attempt(param, () => groups.get(name));
  };
  /** Whether it leads anywhere depends on the name; whether it leads in a circle does not. */
  const aliases = (param: string, pattern: string): void => {
    try {
      groups.check(fillIn(pattern, ["any"]));
    } catch (error) {
      if (CrosspointError.is(error, "INVALID_OPTIONS"))
        attempt(param, () => {
          throw error;
        });
    }
  };
  for (const [name, option] of Object.entries(models)) {
    const at = `models.${name}`;
    if (typeof option === "string") {
      if (name.includes("*") && option.includes("*")) aliases(at, name);
      else leads(at, name.includes("*") ? option : name);
      continue;
    }
    if (!isObject(option)) {
      attempt(at, () => {
        throw wrong(at, "must be a model, or an object with deployments");
      });
      continue;
    }
    for (const part of partsOf(option)) attempt(at, () => checkGroups({ [name]: part as ModelGroupOption }));
    for (const list of LISTS)
      if (Array.isArray(option[list])) option[list].forEach((each, index) => leads(`${at}.${list}[${index}]`, each));
    if (!Array.isArray(option.deployments)) continue;
    for (const [index, each] of (option.deployments as readonly (ModelGroupOption["deployments"][number] | null)[]).entries()) {
      const { model, provider } = typeof each === "string" ? { model: each } : { ...each };
      // Before the slash a * may stand for any provider.
      if (typeof model !== "string" || model.slice(0, model.indexOf("/") + 1 || undefined).includes("*")) continue;
      attempt(`${at}.deployments[${index}].model`, () => registry.resolve(model, groups.names(), provider));
    }
  }
  fallbacks.forEach((each, index) => leads(`fallbacks[${index}]`, each));
  leads("defaultModel", defaultModel);
  budgets.forEach(({ to }, index) => leads(`budgets[${index}].to`, to));
  return [...found.values()];
}

/** A group field by field, each with what no group can be without, so that one mistake hides no other. */
function* partsOf(option: ModelGroupOption): Generator<object> {
  const { deployments, ...fields } = option;
  if (!Array.isArray(deployments) || deployments.length === 0) yield { deployments };
  for (const [key, value] of Object.entries(fields)) yield { deployments: ["x/y"], [key]: value };
  if (!Array.isArray(deployments)) return;
  for (const [index, each] of deployments.entries()) {
    const parts: readonly unknown[] = isObject(each)
      ? [...("model" in each ? [] : [{}]), ...Object.entries(each).map(([key, value]) => ({ model: "x/y", [key]: value as unknown }))]
      : [each];
    for (const part of parts) {
      // The others are left out, and its place in the list is kept.
      const list: unknown[] = [];
      list[index] = part;
      yield { deployments: list };
    }
  }
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

function why(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
