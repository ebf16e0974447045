import { CODEC_DEFAULTS, PLACEHOLDER, checkHeaders, checkURL, invalid } from "./provider.ts";
import type { ProviderInfo, ProviderRow, ProviderSettings, ResolvedProvider, Secret } from "./provider.ts";

export type Env = Readonly<Record<string, string | undefined>>;

/** A row with the settings that a user laid over it. */
export interface Definition {
  readonly row: ProviderRow;
  readonly settings: ProviderSettings;
}

/** An environment variable; one that is empty counts as unset. */
function read(env: Env, name: string): string | undefined {
  const value = env[name];
  return typeof value === "string" && value.trim() !== "" ? value : undefined;
}

/** Fills the placeholders; `undefined` and a note of what would do when one stays empty. */
function fill(template: string, { settings }: Definition, env: Env, missing?: string[]): string | undefined {
  const params: Readonly<Record<string, unknown>> = { organization: settings.organization, project: settings.project, ...settings.params };
  let complete = true;
  const filled = template.replace(PLACEHOLDER, (_match, names: string) => {
    for (const name of names.split("|")) {
      const value = (Object.hasOwn(params, name) ? params[name] : undefined) ?? read(env, name);
      if (typeof value === "string" && value !== "") return value;
    }
    complete = false;
    missing?.push(names);
    return "";
  });
  return complete ? filled : undefined;
}

/** `host`, `host:port` and `:port`, as servers on one's own machine are named, become URLs; the address "any" becomes this machine. */
function localURL(host: string, standard: string): string {
  if (/^https?:\/\//i.test(host)) return host;
  const [, name, port, path] = /^([^/:]*|\[[^\]]*\])(:\d+)?(\/.*)?$/.exec(host) ?? [];
  if (name === undefined) return host;
  const address = name === "" || name === "0.0.0.0" ? "127.0.0.1" : name;
  return `http://${address}${port ?? (/:\d+/.exec(standard)?.[0] as string)}${path ?? ""}`;
}

function defaultsOf(row: ProviderRow): Partial<ProviderRow> {
  return CODEC_DEFAULTS[row.codec];
}

function baseURL(definition: Definition, env: Env): string {
  const { row, settings } = definition;
  if (row.call !== undefined) return "";
  let [template, what] = [row.baseURL, `provider ${row.id}: baseURL`];
  if (settings.baseURL === undefined) {
    const name = row.baseURLEnv?.find((each) => read(env, each) !== undefined);
    if (name !== undefined) {
      const value = read(env, name)!.trim();
      [template, what] = [row.local === true ? localURL(value, row.baseURL) : value, name];
    }
  }
  const missing: string[] = [];
  const filled = fill(template, definition, env, missing);
  if (filled === undefined) {
    const names = missing.map((each) => each.replaceAll("|", " or ")).join(", ");
    throw invalid(`provider ${row.id}: its base URL needs ${names}: set params under providers.${row.id}, or the environment variable`);
  }
  const url = checkURL(filled.replace(/^https?:\/\/(?=https?:\/\/)/, ""), what);
  const { versionPath = defaultsOf(row).versionPath } = row;
  return versionPath === undefined || /\/v\d[\w.]*$/.test(url) ? url : url + versionPath;
}

function headersOf(definition: Definition, env: Env): ResolvedProvider["headers"] {
  const { row, settings } = definition;
  const at = `provider ${row.id}:`;
  const given = settings.headers;
  const templates = [defaultsOf(row).headers, row.headers, typeof given === "function" ? undefined : given];
  const base: Record<string, string> = {};
  for (const [name, template] of templates.flatMap((each) => Object.entries<string | undefined>(each ?? {}))) {
    const value = template === undefined ? undefined : fill(template, definition, env);
    if (value === undefined) delete base[name.toLowerCase()];
    else Object.assign(base, checkHeaders({ [name]: value }, at));
  }
  Object.freeze(base);
  if (typeof given !== "function") return base;
  const over = (asked: Readonly<Record<string, string | undefined>>): Record<string, string> => {
    const merged = { ...base, ...checkHeaders(asked, at) };
    for (const [name, value] of Object.entries(asked)) if (value === undefined) delete merged[name.toLowerCase()];
    return merged;
  };
  return () => {
    const asked = given();
    return asked instanceof Promise ? asked.then(over) : over(asked);
  };
}

function findSecret({ row, settings }: Definition, env: Env): Secret | undefined {
  const { apiKey, authToken } = settings;
  if (authToken !== undefined) return { value: authToken, bearer: true, from: `providers.${row.id}.authToken` };
  if (apiKey !== undefined) return { value: apiKey, bearer: false, from: `providers.${row.id}.apiKey` };
  for (const names of [row.keyEnv, row.tokenEnv]) {
    for (const name of names ?? []) {
      const value = read(env, name);
      if (value !== undefined) return { value, bearer: names !== row.keyEnv, from: name };
    }
  }
  return undefined;
}

/** What lists show of a definition. Never throws. */
export function describe(definition: Definition, env: Env): ProviderInfo {
  const {
    id,
    label = id,
    aliases = [],
    codec,
    family = id,
    keyEnv = [],
    tokenEnv = [],
    keyOptional = false,
    docs,
    ...row
  } = definition.row;
  const { baseURL: template, verified = true, local = false } = row;
  const configured = definition.row.call !== undefined || findSecret(definition, env) !== undefined;
  const info = { id, label, aliases, codec, baseURL: template, family, keyEnv, tokenEnv, keyOptional, verified, local, configured };
  return docs === undefined ? info : { ...info, docs };
}

/** Makes a definition callable. Throws INVALID_OPTIONS when its base URL or headers are not usable. */
export function resolveProvider(definition: Definition, env: Env): ResolvedProvider {
  const { configured: _configured, ...info } = describe(definition, env);
  const {
    auth = "bearer",
    embeddings,
    modelsPath = "/models",
    modelPrefix,
    telemetryName,
    modelTraits,
    call,
    transformRequestBody,
    quirks = {},
  } = { ...defaultsOf(definition.row), ...definition.row };
  const { id, codec, family, aliases } = info;
  const provider: Omit<ResolvedProvider, "headers"> = {
    ...info,
    baseURL: baseURL(definition, env),
    auth,
    quirks,
    optionKeys: [...new Set([codec, ...(family === id ? [] : [family]), ...aliases, id])],
    ...(embeddings ? { embeddings } : undefined),
    ...(modelsPath === false ? undefined : { modelsPath }),
    ...(modelPrefix === undefined ? undefined : { modelPrefix }),
    ...(telemetryName === undefined ? undefined : { telemetryName }),
    ...(modelTraits === undefined ? undefined : { modelTraits }),
    ...(call === undefined ? undefined : { call }),
    ...(transformRequestBody === undefined ? undefined : { transformRequestBody }),
    secret: () => findSecret(definition, env),
  };
  // Users may put credentials into headers: JSON and logs must not show them.
  return Object.freeze(Object.defineProperty(provider, "headers", { value: headersOf(definition, env) }) as ResolvedProvider);
}
