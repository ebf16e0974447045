import type { Target } from "../ir/target.ts";
import type { Price } from "../models/price.ts";
import type { ResolvedProvider } from "../providers/provider.ts";

/** One concrete place that answers for a model: a provider, the model's name there, and a credential. */
export interface Deployment {
  /** `provider/model`, with a number when a group names the same one twice. */
  readonly id: string;
  readonly provider: ResolvedProvider;
  readonly model: string;
  readonly target: Target;
  /** Replaces the provider's key. */
  readonly apiKey?: string;
  /** Share of the calls within its group. Default 1. */
  readonly weight: number;
  readonly price?: Price;
  readonly priceSource?: "catalogue" | "override";
}
