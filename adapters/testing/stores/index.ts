import { counterCases } from "./counter-cases.ts";
import { logCases } from "./log-cases.ts";
import { valueCases } from "./value-cases.ts";
import type { StoreCase } from "./case.ts";

/**
 * What every store must do, case by case. Each case opens an empty store of its own and throws an `AssertionError` where the store is wrong:
 *
 *     test.each(storeCases)("$name", ({ run }) => run(open));
 */
export const storeCases: readonly StoreCase[] = [...counterCases, ...valueCases, ...logCases];
