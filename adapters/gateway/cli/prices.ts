import { parseArgs } from "node:util";
import { createCrosspoint, CrosspointError, type CatalogueOptions, type Crosspoint, type ModelInfo, type PriceFormat } from "crosspoint";
import { formatTable } from "./table.ts";

type Price = NonNullable<ModelInfo["price"]>;

/** `crosspoint prices`: what models cost, as a table or as a price list; `--check` looks a list through. */
export async function runPrices(args: readonly string[], write: (text: string) => void): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      from: { type: "string" },
      check: { type: "string" },
      format: { type: "string" },
      json: { type: "boolean", default: false },
    },
  });
  const { from, check, format } = values;
  if (from !== undefined && check !== undefined) throw invalid("give either --from or --check, not both");
  if (format !== undefined && from === undefined && check === undefined) throw invalid("--format says what --from or --check reads");
  const list = from ?? check;
  const place: CatalogueOptions | undefined = list === undefined ? undefined : /^https?:\/\//.test(list) ? { url: list } : { file: list };
  const crosspoint = createCrosspoint({
    env: {},
    ...(place && { catalogue: { ...place, ...(format !== undefined && { format: format as PriceFormat }) } }),
  });
  try {
    const { refresh } = await crosspoint.catalogue();
    if (refresh?.error !== undefined) throw refresh.error;
    if (check !== undefined) return report(refresh!, write, values.json);
    const models = select(crosspoint, positionals);
    write(values.json ? `${JSON.stringify(toList(models), undefined, 2)}\n` : toTable(models));
    return 0;
  } finally {
    await crosspoint.close();
  }
}

type Refreshed = NonNullable<Awaited<ReturnType<Crosspoint["catalogue"]>>["refresh"]>;

/** What became of a list; the exit code is 1 when an entry was refused. */
function report({ format, models, refused, unused }: Refreshed, write: (text: string) => void, json: boolean): number {
  const code = refused.length > 0 ? 1 : 0;
  if (json) {
    write(`${JSON.stringify({ format, models, refused, unused }, undefined, 2)}\n`);
    return code;
  }
  write(`${models} models with a price, in the form of ${format}\n`);
  const fields = Object.entries(unused).sort(([, a], [, b]) => b - a);
  if (fields.length > 0) {
    const rows = fields.map(([field, count]) => [field, String(count)]);
    write(`\n${formatTable({ columns: [{ name: "without a place here" }, { name: "models", number: true }], rows })}`);
  }
  if (code === 1) {
    const rows = refused.map(({ model, reason }) => [model, reason]);
    write(`\n${formatTable({ columns: [{ name: "refused" }, { name: "why" }], rows })}`);
  }
  return code;
}

/** The models that have one of the texts in their name; all without a text. Throws MODEL_NOT_FOUND when there are none. */
function select(crosspoint: Crosspoint, texts: readonly string[]): readonly ModelInfo[] {
  const all = crosspoint.models({ all: true });
  if (texts.length === 0) return all;
  const models = all.filter(({ id }) => texts.some((text) => id.toLowerCase().includes(text.toLowerCase())));
  if (models.length === 0) throw new CrosspointError("MODEL_NOT_FOUND", `no known model has ${texts.join(" or ")} in its name`);
  return models;
}

/** In the form that `--from` and the option `catalogue` read. */
function toList(models: readonly ModelInfo[]): object {
  const rows = models.map(({ id, provider: _provider, deployments: _deployments, verified: _verified, ...facts }) => [id, facts]);
  return { crosspoint: 1, models: Object.fromEntries(rows) as object };
}

const RATES = [
  ["input", "input"],
  ["cacheRead", "cached"],
  ["cacheWrite", "written"],
  ["output", "output"],
] as const satisfies readonly (readonly [keyof Price, string])[];

/** Dollars per million tokens; long contexts stand below, with their threshold. */
function toTable(models: readonly ModelInfo[]): string {
  const names = ["context", ...RATES.map(([, name]) => name), "read on"];
  const cells = (rates: Partial<Price>): string[] => RATES.map(([rate]) => rates[rate]?.toString() ?? "");
  const rows = models.flatMap(({ id, contextWindow, price }) => [
    [
      id,
      contextWindow?.toLocaleString("en-US") ?? "",
      ...(price === undefined ? ["unknown", "", "", ""] : cells(price)),
      price?.date ?? "",
    ],
    ...(price?.tiers ?? []).map((tier) => [`  above ${tier.above.toLocaleString("en-US")}`, "", ...cells(tier), ""]),
  ]);
  return formatTable({ columns: [{ name: "model" }, ...names.map((name) => ({ name, number: name !== "read on" }))], rows });
}

function invalid(message: string): CrosspointError {
  return new CrosspointError("INVALID_OPTIONS", message);
}
