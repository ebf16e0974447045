import type { CodecId, Quirks } from "../ir/target.ts";

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
