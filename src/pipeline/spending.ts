import type { Memory } from "../memory.ts";
import type { Groups } from "../router/groups.ts";
import { budgetStates, type BudgetQuery, type BudgetState } from "../spend/budget-state.ts";
import { exportLog } from "../spend/export.ts";
import { createLedger } from "../spend/ledger.ts";
import { createSpendLog } from "../spend/log.ts";
import { memoryStore } from "../spend/memory.ts";
import type { SpendAlert, SpendOptions } from "../spend/options.ts";
import { readLog, report, type SpendLogPage, type SpendLogQuery, type SpendQuery, type SpendReport } from "../spend/report.ts";
import type { OnSpend } from "../spend/row.ts";
import { createRules } from "../spend/rules.ts";
import type { Clock } from "../transport/clock.ts";
import { createReserve } from "./reserve.ts";
import { createReport } from "./settle.ts";
import type { Stage } from "./stage.ts";

export interface SpendingOptions extends SpendOptions {
  readonly onSpend?: OnSpend;
}

/** All that is loaded when calls are counted. */
export interface Spending {
  readonly stage: Stage;
  /** Absent where nothing is kept. */
  readonly books: SpendBooks | undefined;
  close(): Promise<void>;
}

export interface SpendBooks {
  spend(query: SpendQuery): Promise<SpendReport>;
  spendLog(query: SpendLogQuery): Promise<SpendLogPage>;
  exportSpend(format: "csv" | "jsonl", query: SpendLogQuery): AsyncIterable<string>;
  budgets(query: BudgetQuery): Promise<readonly BudgetState[]>;
}

/** Calls that end while the layer closes still reach the log. */
const TURNS = 20;

/** Puts together what the options ask for: budgets, limits, the spend log, `onSpend`. */
export function createSpending(options: SpendingOptions, clock: Clock, groups: Groups, memory: Memory = {}): Spending {
  const { budgets, limits, onSpend, onAlert, retention, currency = { code: "USD", rate: 1 } } = options;
  const tell = (alert: SpendAlert): void => {
    try {
      const result = onAlert?.(alert);
      if (result instanceof Promise) result.catch(() => {});
    } catch {
      // the call itself went well
    }
  };
  const rules = createRules(options);
  const keeps = budgets !== undefined || limits !== undefined || options.store !== undefined;
  const store = !keeps ? undefined : typeof options.store === "object" ? options.store : (memory.store ??= memoryStore());
  const ledger = store === undefined ? undefined : createLedger({ store, clock, tell });
  const log = store === undefined ? undefined : createSpendLog({ store, clock, retention, tell });
  const stage = createReserve({ rules, ledger, groups, report: createReport(onSpend, log) });
  return {
    stage,
    books:
      store === undefined
        ? undefined
        : {
            async spend(query) {
              await log?.flush();
              return report(store, query, currency);
            },
            async spendLog(query) {
              await log?.flush();
              return readLog(store, query);
            },
            async *exportSpend(format, query) {
              await log?.flush();
              yield* exportLog(store, format, query);
            },
            async budgets(query) {
              await ledger?.flush();
              return budgetStates(store, rules, query, clock.now());
            },
          },
    async close() {
      for (let turn = 0; turn < TURNS; turn++) await Promise.resolve();
      await ledger?.close();
      await log?.close();
      await store?.close();
    },
  };
}
