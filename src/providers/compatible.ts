import { COMPATIBLE } from "./compatible.gen.ts";
import type { CompatibleHosts } from "./compatible-hosts.ts";
import { envName, type ProviderRow } from "./provider.ts";

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
