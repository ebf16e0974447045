import { compatibleRows } from "./compatible.ts";
import { nearest, providerOf, unknownModel } from "./model-name.ts";
import { invalid, type ProviderInfo, type ProviderRow, type ProviderSettings, type ResolvedProvider } from "./provider.ts";
import { describe, resolveProvider, type Definition, type Env } from "./resolve.ts";
import { ROWS } from "./rows.ts";
import { checkSettings, customRow, elsewhere, extendRow, overrideRow, sharedSettings } from "./settings.ts";

/** All providers that one instance knows. */
export interface Registry {
  /** By id or alias; `-` may stand for `_`. Throws INVALID_OPTIONS when its base URL lacks a value or is no URL. */
  get(id: string): ResolvedProvider | undefined;
  /** Own providers first. */
  list(): readonly ProviderInfo[];
  /**
   * What `provider/model` or a well-known bare name means. Throws MODEL_NOT_FOUND that lists near matches among the providers and
   * `names` (the models that the caller configured or knows). `own` are settings for this place alone; with a base URL of its own it gets no
   * key but theirs.
   */
  resolve(model: string, names?: Iterable<string>, own?: ProviderSettings): { readonly provider: ResolvedProvider; readonly model: string };
}

type Rows = ReadonlyMap<string, ProviderRow>;
let known: Rows | undefined;

/** Rows by id, aliases and the spelling with hyphens; the first row that claims a name has it. */
function index<T>(entries: readonly T[], row: (entry: T) => ProviderRow): Map<string, T> {
  const map = new Map<string, T>();
  for (const spell of [(id: string) => id, (id: string) => id.replaceAll("_", "-")]) {
    for (const entry of entries) if (!map.has(spell(row(entry).id))) map.set(spell(row(entry).id), entry);
    for (const entry of entries) for (const alias of row(entry).aliases ?? []) if (!map.has(spell(alias))) map.set(spell(alias), entry);
  }
  return map;
}

/** The rows that come with the package, by every name; made at the first call. */
export function builtinRows(): Rows {
  if (known !== undefined) return known;
  const all = [...ROWS, ...compatibleRows()];
  const byId = new Map(all.map((row) => [row.id, row]));
  return (known = index(
    all.map((row) => (row.extends === undefined ? row : extendRow(row, byId.get(row.extends)!))),
    (row) => row,
  ));
}

function define(custom: Readonly<Record<string, ProviderSettings>>): Map<string, Definition> {
  const builtin = builtinRows();
  const made = new Map<string, Definition>();
  const make = (id: string, chain: readonly string[]): Definition => {
    const done = made.get(id);
    if (done !== undefined) return done;
    if (chain.includes(id)) throw invalid(`providers.${id}: extends itself (${[...chain, id].join(" → ")})`);
    const settings = custom[id]!;
    checkSettings(id, settings);
    const row = builtin.get(id);
    const parent = settings.extends;
    if (row === undefined && parent === undefined && settings.codec === undefined && settings.call === undefined) {
      const near = nearest(id, builtin.keys());
      if (near.length > 0)
        throw invalid(`providers.${id}: no such provider; did you mean ${near.join(", ")}? One of your own needs codec and baseURL`);
    }
    let definition: Definition;
    if (row !== undefined && (parent === undefined || parent === row.extends)) definition = overrideRow(row, settings);
    else {
      const base =
        parent === undefined
          ? undefined
          : parent !== id && Object.hasOwn(custom, parent)
            ? make(parent, [...chain, id]).row
            : builtin.get(parent);
      if (parent !== undefined && base === undefined) {
        throw invalid(
          `providers.${id}: extends ${JSON.stringify(parent)}, which is no provider; near: ${nearest(parent, builtin.keys()).join(", ") || "none"}`,
        );
      }
      definition = customRow(id, settings, base);
    }
    made.set(id, definition);
    return definition;
  };
  for (const id of Object.keys(custom)) if (custom[id] !== undefined) make(id, []);
  return made;
}

/** Throws INVALID_OPTIONS for settings that cannot be meant. Base URLs and keys from `env` are looked up when they are needed. */
export function createRegistry(custom: Readonly<Record<string, ProviderSettings>>, env: Env): Registry {
  const own = define(custom);
  const ids = new Set<string>();
  for (const [name, { row }] of own) {
    if (ids.has(row.id)) throw invalid(`providers.${name}: ${row.id} is configured twice, under its id and an alias`);
    ids.add(row.id);
  }
  const builtin = builtinRows();
  const definitions = [...own.values()];
  for (const row of new Set(builtin.values())) {
    if (ids.has(row.id)) continue;
    const host = row.extends === undefined ? undefined : builtin.get(row.extends);
    const shared = host?.baseURL === row.baseURL ? definitions.find((each) => each.row.id === host.id)?.settings : undefined;
    definitions.push(shared === undefined ? { row, settings: {} } : overrideRow(row, sharedSettings(shared)));
  }
  const byName = index(definitions, ({ row }) => row);
  const resolved = new Map<Definition, ResolvedProvider>();

  const get = (id: string, own?: ProviderSettings): ResolvedProvider | undefined => {
    const definition = byName.get(id) ?? byName.get(id.replaceAll("_", "-"));
    if (definition === undefined) return undefined;
    if (own !== undefined) return resolveProvider(elsewhere(definition, own), env);
    let provider = resolved.get(definition);
    if (provider === undefined) resolved.set(definition, (provider = resolveProvider(definition, env)));
    return provider;
  };

  return {
    get: (id) => get(id),
    list: () => definitions.map((definition) => describe(definition, env)),
    resolve(model, names = [], own) {
      if (typeof model === "string" && model.length <= 512 && !/\p{Cc}/u.test(model)) {
        const slash = model.indexOf("/");
        const provider = slash < 0 ? providerOf(model) : model.slice(0, slash);
        const name = model.slice(slash + 1);
        const found = provider === undefined || name.trim() === "" ? undefined : get(provider, own);
        if (found !== undefined) {
          const { modelPrefix } = found;
          return { provider: found, model: modelPrefix === undefined || name.includes("/") ? name : modelPrefix + name };
        }
      }
      throw unknownModel(model, byName.keys(), names);
    },
  };
}
