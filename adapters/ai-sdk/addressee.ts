import type { Crosspoint, DeploymentInfo } from "crosspoint";

/** The model that a call is for, and the providers that may answer it. */
export interface Addressee {
  readonly modelId: string;
  /** None for a name that the layer does not know: the call itself says so. */
  deployments(): readonly Pick<DeploymentInfo, "provider" | "family">[];
}

export function createAddressee(crosspoint: Crosspoint, modelId: string): Addressee {
  return {
    modelId,
    deployments() {
      try {
        return crosspoint.deployments(modelId);
      } catch {
        return [];
      }
    },
  };
}

/** The one provider that answers, by `key`; `undefined` when there may be several. */
export function onlyProvider(addressee: Addressee, key: "provider" | "family"): string | undefined {
  const [first, ...others] = addressee.deployments();
  return first !== undefined && others.every((other) => other[key] === first[key]) ? first[key] : undefined;
}
