import { createCrosspoint, CrosspointError, makeUsage, type Crosspoint, type CrosspointOptions } from "crosspoint";
import type { GatewayConfig } from "./config.ts";
import { hint } from "./nearest.ts";
import { createReport, type ConfigProblem, type Trail } from "./report.ts";
import { toTrail } from "./source.ts";
import type { Env } from "./variables.ts";

/** More mistakes than anyone reads at once. */
const MOST = 100;

/** What is wrong with the options themselves, all of it, and what will be missed when they are used: models that are unknown, keys that are not there. */
export async function verify({ options, locate, dialect }: GatewayConfig, env: Env): Promise<readonly ConfigProblem[]> {
  const priceHint = dialect === "litellm" ? "give it input_cost_per_token and output_cost_per_token" : "give it one under prices";
  const report = createReport();
  const tell = (error: unknown, param: string | undefined): void => {
    const message = error instanceof Error ? error.message : String(error);
    report.error(locate(param ?? ""), short(message, param));
  };
  const { crosspoint, checked } = create({ env, ...options }, tell);
  if (crosspoint === undefined) return report.problems;
  try {
    const problems = await crosspoint.problems();
    for (const problem of problems) tell(problem, paramOf(problem));
    if (checked.budgets !== undefined || checked.limits !== undefined) {
      await crosspoint.budgets().catch((error: unknown) => tell(error, (CrosspointError.is(error) && paramOf(error)) || "budgets"));
    }
    for (const [name, missing] of keysMissing(crosspoint, checked)) report.warn(locate(`models.${name}`), missing);
    // A list of one's own may be a download.
    if (checked.catalogue === undefined && (checked.budgets ?? []).some(({ unit = "usd" }) => unit === "usd")) {
      await crosspoint.catalogue();
      for (const name of unpriced(crosspoint, checked)) {
        report.warn(locate(`models.${name}`), `no price is known for ${name}, so that budgets cannot count it: ${priceHint}`);
      }
    }
  } finally {
    await crosspoint.close();
  }
  return report.problems;
}

/** The layer without what is wrong in its options, each of which is told. */
function create(
  options: CrosspointOptions,
  tell: (error: unknown, param: string | undefined) => void,
): { readonly crosspoint?: Crosspoint; readonly checked: CrosspointOptions } {
  let checked = options;
  const gone = new Set<string>();
  for (let count = 0; count < MOST; count++) {
    try {
      return { crosspoint: createCrosspoint(checked), checked };
    } catch (error) {
      const param = CrosspointError.is(error) ? paramOf(error) : undefined;
      tell(error, param);
      if (param === undefined) return { checked };
      const trail = toTrail(param, checked);
      // What is wrong again without a part of it goes as a whole.
      checked = remove(checked as Readonly<Record<string, unknown>>, gone.has(param) ? trail.slice(0, 1) : trail);
      gone.add(param);
    }
  }
  return { checked };
}

/** What stands in lists for an item that was wrong, so that the others keep their places. */
const STAND_INS: Readonly<Record<string, object>> = { budgets: { limit: 1 }, limits: { rpm: 1 } };

/** A copy without what a trail leads to; without its parent where it is what is missing there, or in a list. */
function remove(value: Readonly<Record<string, unknown>>, [step = "", ...rest]: Trail): Readonly<Record<string, unknown>> {
  const { [step]: inner, ...others } = value;
  const [next] = rest;
  if (Array.isArray(inner) && typeof next === "number" && Object.hasOwn(STAND_INS, step)) {
    return { ...others, [step]: inner.map((each: unknown, index) => (index === next ? STAND_INS[step] : each)) };
  }
  const isInside = typeof inner === "object" && inner !== null && next !== undefined && Object.hasOwn(inner, next);
  return isInside && !Array.isArray(inner) ? { ...others, [step]: remove(inner as Readonly<Record<string, unknown>>, rest) } : others;
}

/** The option that an error is about. Providers are named in the message alone. */
function paramOf(error: CrosspointError): string | undefined {
  return error.param ?? /^provider(?:s\.| )([\w.-]+?):? /.exec(error.message)?.[1]?.replace(/^/, "providers.");
}

/** With the nearest names in place of a long list of all. */
function short(message: string, param: string | undefined): string {
  const [, told, list] = /^(.*?),? (?:there are:|must be one of) (.*)$/s.exec(message.replace(";", ",")) ?? [];
  const name = /unknown field "([^"]*)"/.exec(message)?.[1] ?? /([^.[\]]+)$/.exec(param ?? "")?.[1];
  if (told === undefined || name === undefined) return message;
  const near = hint(name, list!.split(", "));
  return near === "" ? message : told + (told.includes("unknown") ? "" : " is unknown") + near;
}

/** The groups that have a deployment without a key, and what to do. */
function keysMissing(crosspoint: Crosspoint, { models = {} }: CrosspointOptions): readonly (readonly [string, string])[] {
  return Object.entries(models).flatMap(([name, option]) => {
    if (typeof option === "string" || name.includes("*")) return [];
    const found: [string, string][] = [];
    attempt(
      () => {
        for (const { id, keyFrom, keyOptional, keyEnv } of crosspoint.deployments(name)) {
          const how = [...keyEnv.map((each) => `set ${each}`).slice(0, 1), "give it apiKey"].join(", or ");
          if (keyFrom === undefined && !keyOptional) found.push([name, `${id} has no key: ${how}`]);
        }
      },
      () => {}, // told already
    );
    return found;
  });
}

function unpriced(crosspoint: Crosspoint, { models = {} }: CrosspointOptions): readonly string[] {
  const usage = makeUsage({ input: { total: 1 }, output: { total: 1 } });
  return Object.keys(models).filter((name) => {
    let isKnown = true;
    attempt(
      () => (isKnown = name.includes("*") || crosspoint.cost({ model: name, usage }) !== undefined),
      () => {}, // told already
    );
    return !isKnown;
  });
}

function attempt(action: () => unknown, onError: (error: unknown) => void): void {
  try {
    action();
  } catch (error) {
    onError(error);
  }
}
