import type { CrosspointOptions } from "crosspoint";
import type { ConfigProblem } from "./report.ts";

/** What a config file says. */
export interface GatewayConfig {
  /** Whose format it is. */
  readonly dialect: "crosspoint" | "litellm";
  readonly options: CrosspointOptions;
  readonly port?: number;
  readonly host?: string;
  /** The key that clients must send. */
  readonly masterKey?: string;
  /** The store by name: `sqlite:` and a path, or the URL of PostgreSQL or Redis. */
  readonly store?: string;
  /** Where the file has an option that an error names, as `crosspoint.yaml:3:5`. */
  readonly locate: (param: string) => string;
  /** The files that were read: the first, and those that it includes. */
  readonly files: readonly string[];
  readonly warnings: readonly ConfigProblem[];
}
