import { CODEC_DEFAULTS, checkFields, envName, invalid, isProviderId } from "./provider.ts";
import type { ProviderRow, ProviderSettings } from "./provider.ts";
import type { Definition } from "./resolve.ts";

const words = (text: string): readonly string[] => text.split(" ");
/** What settings have and rows have not, or not in the same form. */
const OF_SETTINGS = words("headers apiKey authToken params organization project");
/** What belongs to one row alone, and is not taken over by a row that extends it. */
const OWN = words("id label aliases docs verified");
/** What speaks of the wire, and goes when a row changes the wire. */
const OF_WIRE = words("auth headers quirks versionPath embeddings modelsPath");
/** What must not follow to another host: above all, where its keys come from. */
const OF_HOST = words("keyEnv tokenEnv baseURLEnv keyOptional local");

type Fields = Partial<ProviderRow>;

/** What a provider that is a function has in place of a host. */
const NO_HOST: Fields = { codec: "openai-chat", baseURL: "", auth: "none", keyOptional: true, embeddings: false, modelsPath: false };

function pick(value: object, wanted: (key: string) => boolean): Fields {
  return Object.fromEntries(Object.entries(value).filter(([key, field]) => field !== undefined && wanted(key)));
}

/** Lays the fields of `over` on `base`; quirks are merged one by one. */
function lay(base: Fields, over: Fields): ProviderRow {
  const kept = over.codec === undefined || over.codec === base.codec ? base : pick(base, (key) => !OF_WIRE.includes(key));
  return { ...kept, ...pick(over, () => true), quirks: { ...kept.quirks, ...over.quirks } } as ProviderRow;
}

function inherit({ family, ...parent }: ProviderRow, left: readonly string[]): Fields {
  return { ...pick(parent, (key) => !left.includes(key)), family: family ?? parent.id };
}

/** A row with what it takes from the row it extends. */
export function extendRow(row: ProviderRow, parent: ProviderRow): ProviderRow {
  return lay(inherit(parent, OWN), row);
}

/** Throws INVALID_OPTIONS for settings that cannot be meant. Names settings, never their values. */
export function checkSettings(id: string, settings: ProviderSettings): void {
  if (!isProviderId(id)) throw invalid("providers: an id must be letters, digits, '.', '_' and '-', 64 at most");
  const at = `providers.${id}:`;
  if (typeof settings !== "object" || settings === null || Array.isArray(settings)) throw invalid(`${at} must be an object`);
  checkFields(settings, at);
  if (settings.id !== undefined && settings.id !== id) throw invalid(`${at} the row's own id differs: use it as the key`);
  if (settings.apiKey !== undefined && settings.authToken !== undefined) throw invalid(`${at} give apiKey or authToken, not both`);
}

function rowFields(settings: ProviderSettings): Fields {
  return pick(settings, (key) => !OF_SETTINGS.includes(key));
}

/** A known provider with a user's settings over it. */
export function overrideRow(known: ProviderRow, settings: ProviderSettings): Definition {
  return { row: lay(known, { ...rowFields(settings), id: known.id }), settings };
}

/** What settings of one row say of another row on the same host, such as OpenAI over Chat Completions. */
export function sharedSettings(settings: ProviderSettings): ProviderSettings {
  return pick(settings, (key) => key === "baseURL" || OF_SETTINGS.includes(key));
}

/** A provider of the user's own; `parent` is what it extends. */
export function customRow(id: string, settings: ProviderSettings, parent: ProviderRow | undefined): Definition {
  const given = rowFields(settings);
  const fields = given.call === undefined ? given : { ...NO_HOST, ...given };
  const { codec = parent?.codec, baseURL = parent?.baseURL, keyEnv, auth } = fields;
  if (codec === undefined || baseURL === undefined) {
    throw invalid(
      `providers.${id}: a provider of your own needs codec (${Object.keys(CODEC_DEFAULTS).join(", ")}) or extends, and baseURL`,
    );
  }
  const ownHost = fields.baseURL !== undefined;
  const base: Fields = {
    ...(parent === undefined ? undefined : inherit(parent, ownHost ? [...OWN, ...OF_HOST] : OWN)),
    ...(ownHost ? { keyEnv: [`${envName(id)}_API_KEY`], keyOptional: keyEnv === undefined && auth === undefined } : undefined),
  };
  return { row: lay(base, { ...fields, id }), settings };
}

/** A provider with settings of one place laid over it. At a base URL of its own the provider's keys are not sent. */
export function elsewhere({ row, settings }: Definition, own: ProviderSettings): Definition {
  checkSettings(row.id, own);
  const { apiKey: _key, authToken: _token, ...keyless } = settings;
  const isMoved = own.baseURL !== undefined;
  const base = isMoved ? { ...row, keyEnv: [], tokenEnv: [], keyOptional: true } : row;
  const isHeaders = typeof settings.headers === "object" && typeof own.headers === "object";
  const kept = isMoved || own.apiKey !== undefined || own.authToken !== undefined ? keyless : settings;
  const merged = { ...kept, ...own, ...(isHeaders ? { headers: { ...settings.headers, ...own.headers } } : undefined) };
  return overrideRow(base, merged);
}
