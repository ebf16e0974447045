import type { Deployment } from "./deployment.ts";

/** What a deployment's health hangs on. The texts hold secrets: they are compared or hashed, never shown. */
export interface Place {
  /** Id, provider, address, model and credential. */
  readonly place: string;
  /** The credential and where it is used. */
  readonly key: string;
  /** False where a function gives the credential, which is then unlike any other. */
  readonly known: boolean;
}

export function placeOf({ id, provider, model, apiKey }: Deployment): Place {
  const { baseURL, headers } = provider;
  const secret = apiKey ?? provider.secret()?.value;
  const known = typeof secret !== "function" && typeof headers !== "function";
  const key = JSON.stringify([provider.id, baseURL, typeof secret === "string" ? secret : "", typeof headers === "object" ? headers : ""]);
  return { place: JSON.stringify([id, model, key]), key, known };
}
