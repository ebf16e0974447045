import type { Target } from "../ir/target.ts";
import type { Price } from "../models/price.ts";
import type { ResolvedProvider } from "../providers/provider.ts";
import type { RequestDefaults } from "./defaults.ts";
import type { CooldownOption } from "./options.ts";
import type { DeploymentState } from "./state.ts";

/** Milliseconds; what is absent is as the layer's options say. */
export interface DeploymentTimeouts {
  /** One attempt at a whole answer. */
  readonly timeout?: number;
  /** From sending until a stream shows something. */
  readonly firstEventTimeout?: number;
  /** Silence within a stream. */
  readonly idleTimeout?: number;
}

/** What users say of a deployment, and the router weighs. */
export interface DeploymentTerms extends DeploymentTimeouts {
  /** Share of its group's calls. Default 1; with 0 it is asked only where no other of its group can take a call, whatever the strategy. */
  readonly weight?: number;
  /** Deployments of a lower order are asked first; a higher one when none of those can. Default 1. */
  readonly order?: number;
  /** Calls a minute that it takes. Default: no bound. */
  readonly rpm?: number;
  /** Tokens a minute, input and output. Default: no bound. */
  readonly tpm?: number;
  /** Calls at the same time; further ones wait. Default: no bound. */
  readonly maxParallelRequests?: number;
  /** Where it runs; calls that name a region go nowhere else. */
  readonly region?: string;
  /** Calls that carry one of these tags go here before all others; other calls only where `default` is among them. Default: every call. */
  readonly tags?: readonly string[];
  /** False takes it out of service. Default true. */
  readonly enabled?: boolean;
  /** How good its answers are, in the user's own measure; see `minQuality` of the group. */
  readonly quality?: number;
}

/** One concrete place that answers for a model: a provider, the model's name there, and a credential. */
export interface Deployment {
  /** `provider/model`, with a number when a group names the same one twice or gives it several keys. */
  readonly id: string;
  readonly provider: ResolvedProvider;
  readonly model: string;
  readonly target: Target;
  /** Replaces the provider's key. */
  readonly apiKey?: string;
  readonly weight: number;
  readonly order: number;
  /** Absent where nothing but weight and order was said. */
  readonly terms?: DeploymentTerms;
  /** Settings of requests to it that the call does not give. */
  readonly defaults?: RequestDefaults;
  /** Replaces the layer's, where it says something. */
  readonly cooldown?: CooldownOption;
  readonly price?: Price;
  readonly priceSource?: "catalogue" | "override" | "refresh";
  /** What is not loaded yet of the catalogue may know its price and limits. */
  readonly pending?: boolean;
  /** How it fares; made when it is first watched. */
  state?: DeploymentState;
}
