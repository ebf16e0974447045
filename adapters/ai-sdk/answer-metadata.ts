import type { Attempt, Cost, ModelResponse, Warning } from "crosspoint";
import { KEY } from "./part-state.ts";
import type { Json, JsonObject, OptionsInput, ProviderMetadata } from "./types.ts";

/** What `providerMetadata.crosspoint` of an answer says. Costs are US dollars; a price that is unknown is absent. */
export interface CrosspointMetadata {
  readonly provider: string;
  readonly deployment: string;
  readonly cost?: number;
  readonly costItems?: readonly { readonly kind: string; readonly quantity: number; readonly unitPrice: number; readonly amount: number }[];
  /** The provider's own count never came: usage and cost are what was seen. */
  readonly estimated?: boolean;
  readonly attempts: readonly AttemptMetadata[];
  readonly warnings: readonly Warning[];
  readonly requestId?: string;
  readonly serviceTier?: string;
}

export interface AttemptMetadata extends Pick<
  Attempt,
  "provider" | "model" | "deployment" | "reason" | "outcome" | "firstEventMs" | "durationMs"
> {
  /** The code of the error. */
  readonly error?: string;
  readonly cost?: number;
}

/** What the layer says of a result, a step or a stream part of the AI SDK; `undefined` when it comes from elsewhere. */
export function crosspointOf(result: { readonly providerMetadata?: OptionsInput | undefined }): CrosspointMetadata | undefined {
  return result.providerMetadata?.[KEY] as unknown as CrosspointMetadata | undefined;
}

type Told = Pick<
  ModelResponse,
  "provider" | "deployment" | "attempts" | "warnings" | "providerMetadata" | "requestId" | "serviceTier" | "usage"
> & {
  readonly cost?: Cost;
};

/** The metadata of a whole answer; with `gateway`, also what users of Vercel's gateway read. */
export function answerMetadata(response: Told, gateway: boolean): ProviderMetadata {
  const { provider, deployment, cost, attempts, warnings, requestId, serviceTier, usage } = response;
  const own: CrosspointMetadata = {
    provider,
    deployment,
    ...costFields(cost),
    ...(cost?.estimated === true || usage.estimated === true ? { estimated: true } : undefined),
    attempts: attempts.map(attemptMetadata),
    warnings,
    ...(requestId === undefined ? undefined : { requestId }),
    ...(serviceTier === undefined ? undefined : { serviceTier }),
  };
  return {
    ...(response.providerMetadata as ProviderMetadata | undefined),
    ...(gateway ? { gateway: gatewayMetadata(response) } : undefined),
    [KEY]: own as unknown as JsonObject,
  };
}

export function costFields(cost: Cost | undefined): Pick<CrosspointMetadata, "cost" | "costItems"> | undefined {
  return cost === undefined ? undefined : { cost: cost.total, costItems: cost.items.map((item) => ({ ...item })) };
}

export function attemptMetadata(attempt: Attempt): AttemptMetadata {
  const { provider, model, deployment, reason, outcome, firstEventMs, durationMs, error, cost } = attempt;
  return {
    provider,
    model,
    deployment,
    reason,
    outcome,
    ...(firstEventMs === undefined ? undefined : { firstEventMs }),
    ...(durationMs === undefined ? undefined : { durationMs }),
    ...(error === undefined ? undefined : { error: error.code }),
    ...(cost === undefined ? undefined : { cost: cost.total }),
  };
}

/** The gateway tells its cost as text. */
function gatewayMetadata({ provider, cost, attempts }: Told): JsonObject {
  return {
    ...(cost === undefined ? undefined : { cost: String(cost.total) }),
    routing: {
      resolvedProvider: provider,
      finalProvider: provider,
      modelAttempts: attempts.map((attempt): Json => ({
        modelId: `${attempt.provider}/${attempt.model}`,
        success: attempt.outcome === "success",
      })),
    },
  };
}
