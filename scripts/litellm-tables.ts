/** Writes the tables of docs/litellm.md: `node scripts/litellm-tables.ts`. */
import { readFileSync, writeFileSync } from "node:fs";
import { LITELLM_PARAMS, MODEL_INFO } from "../adapters/gateway/config/litellm/deployment-rules.ts";
import { ABSENT_PREFIXES, PROVIDER_ROUTES } from "../adapters/gateway/config/litellm/providers.ts";
import { ROUTER_SETTINGS } from "../adapters/gateway/config/litellm/router-rules.ts";
import { CALLBACKS, GENERAL_SETTINGS, LITELLM_SETTINGS, TOP_LEVEL } from "../adapters/gateway/config/litellm/settings-rules.ts";

type Row = { readonly to: string } | { readonly none: string } | { readonly refused: string };

const SECTIONS: readonly (readonly [string, Readonly<Record<string, Row>>])[] = [
  ["The file", TOP_LEVEL],
  ["`model_list[].litellm_params`", LITELLM_PARAMS],
  ["`model_list[].model_info`", MODEL_INFO],
  ["`router_settings`", ROUTER_SETTINGS],
  ["`litellm_settings`", LITELLM_SETTINGS],
  ["`general_settings`", GENERAL_SETTINGS],
];

const PAGE = new URL("../docs/litellm.md", import.meta.url);

/** The page with the part that says what each key becomes as the code has it; what stands before stays. */
export function page(before = readFileSync(PAGE, "utf8")): string {
  return `${before.slice(0, before.indexOf("### The file"))}${tables()}\n`;
}

function tables(): string {
  return [
    ...SECTIONS.map(([title, rows]) => `### ${title}\n\n${table(rows)}`),
    `### Provider prefixes\n\n${prefixes()}`,
    `### Callbacks\n\n${callbacks()}`,
  ].join("\n\n");
}

function table(rows: Readonly<Record<string, Row>>): string {
  const taken = byReason(Object.entries(rows).flatMap(([key, row]) => ("to" in row ? [[key, row.to] as const] : [])));
  const none = byReason(Object.entries(rows).flatMap(([key, row]) => ("none" in row ? [[key, row.none] as const] : [])));
  const refused = byReason(Object.entries(rows).flatMap(([key, row]) => ("refused" in row ? [[key, row.refused] as const] : [])));
  const lines = ["| key | here |", "| --- | --- |", ...taken.map(([to, keys]) => `| ${keys} | ${to} |`)];
  if (none.length > 0)
    lines.push("", "| no meaning here | because |", "| --- | --- |", ...none.map(([why, keys]) => `| ${keys} | ${why} |`));
  if (refused.length > 0)
    lines.push(
      "",
      "| keeps the gateway from starting | because |",
      "| --- | --- |",
      ...refused.map(([why, keys]) => `| ${keys} | ${why} |`),
    );
  return lines.join("\n");
}

function byReason(entries: readonly (readonly [string, string])[]): readonly (readonly [string, string])[] {
  const groups = new Map<string, string[]>();
  for (const [key, why] of entries) groups.set(why, [...(groups.get(why) ?? []), `\`${key}\``]);
  return [...groups].map(([why, keys]) => [why, keys.join(", ")]);
}

function prefixes(): string {
  const rows = Object.entries(PROVIDER_ROUTES).map(([prefix, { ids, elsewhere }]) => {
    const own = ids.length === 0 ? "" : ids.map((id) => `\`${id}\``).join(" or ");
    const away = elsewhere === undefined ? "" : `\`${elsewhere}\` at its \`api_base\``;
    return `| \`${prefix}/\` | ${[own, away].filter((each) => each !== "").join("; ")} |`;
  });
  const absent = byReason(Object.entries(ABSENT_PREFIXES)).map(
    ([why, names]) => `| ${names.replaceAll("`,", "/`,").replace(/`$/, "/`")} | ${why} |`,
  );
  return [
    "All other prefixes are looked up as they are in the list of [providers](providers.md).",
    "",
    "| prefix | provider |",
    "| --- | --- |",
    ...rows,
    "",
    "| not there | because, and what to write |",
    "| --- | --- |",
    ...absent,
  ].join("\n");
}

function callbacks(): string {
  const rows = Object.entries(CALLBACKS).map(
    ([name, presets]) => `| \`${name}\` | ${presets.map((each) => `\`${each}\``).join(", ") || "as always"} |`,
  );
  return ["| callback | `telemetry.presets` |", "| --- | --- |", ...rows].join("\n");
}

if (import.meta.main) writeFileSync(PAGE, page());
