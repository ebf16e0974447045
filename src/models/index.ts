export { type Catalogue, type CatalogueData, catalogue, createCatalogue, type ModelFacts, type Prices, traitsFor } from "./catalogue.ts";
export { costOf } from "./cost.ts";
export { estimateTokens } from "./estimate.ts";
export type { LongContextRates, Price, Rates } from "./price.ts";
export { modelTraits } from "./traits.ts";
