export { catalogue, createCatalogue, traitsFor } from "./catalogue.ts";
export { costOf } from "./cost.ts";
export { estimateTokens } from "./estimate.ts";
export type { Price } from "./price.ts";
export { modelTraits } from "./traits.ts";
