import { COMPATIBLE } from "./compatible.gen.ts";
import type { CodecId, Quirks } from "../ir/target.ts";
import { envName, type ProviderRow } from "./provider.ts";

/**
 * Hosts that share codec, standing and settings. A line is `name;base URL;aliases;keys`; what stands at its end may be left out.
 * - name: the label; in lower case and without spaces it is the id;
 * - base URL without `https://`; a leading `.` stands for `api.`, `~` for the id, an absent path for `/v1`; `@` ends it and begins the environment
 *   variables that replace it (alone: `<ID>_API_BASE`);
 * - keys: environment variables; absent: `<ID>_API_KEY`; a leading `?`: answers without a key too.
 */
export interface CompatibleHosts {
  readonly codec: CodecId;
  readonly verified: boolean;
  readonly extends?: string;
  readonly local?: true;
  readonly quirks?: Quirks;
  readonly hosts: string;
}

function parseLine(line: string, { hosts: _hosts, ...shared }: CompatibleHosts): ProviderRow {
  const [label = "", base = "", aliases = "", keys = ""] = line.split(";");
  const id = label.toLowerCase().replaceAll(" ", "");
  const [address = "", variables] = base.split("@");
  const names = keys.replace("?", "");
  const whole = /^http:|\{\w+_(?:URL|BASE)\}/.test(address);
  return {
    ...shared,
    id,
    label,
    aliases: list(aliases),
    baseURL: whole ? address : `https://${address.replace(/^\./, "api.").replace("~", id)}${address.includes("/") ? "" : "/v1"}`,
    baseURLEnv: variables === "" ? [`${envName(id)}_API_BASE`] : list(variables ?? ""),
    keyEnv: names === "" ? [`${envName(id)}_API_KEY`] : list(names),
    keyOptional: shared.local === true || keys !== names,
    ...(shared.local ? { versionPath: "/v1" } : undefined),
  };
}

function list(text: string): readonly string[] {
  return text === "" ? [] : text.split(",");
}

/** The rows of all plainly compatible hosts. */
export function compatibleRows(): ProviderRow[] {
  return COMPATIBLE.flatMap((section) =>
    section.hosts
      .trim()
      .split("\n")
      .map((line) => parseLine(line, section)),
  );
}
