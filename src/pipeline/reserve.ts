import type { ModelRequest } from "../ir/request.ts";
import type { Groups } from "../router/groups.ts";
import type { Ledger } from "../spend/ledger.ts";
import type { Rule } from "../spend/rules.ts";
import { openAccount, type OpenAccount } from "./account.ts";
import type { CallContext } from "./context.ts";
import { findCheaper } from "./downgrade.ts";
import type { EventSource, Handler, Stage } from "./stage.ts";

export interface ReserveOptions {
  readonly rules: readonly Rule[];
  /** Absent where nothing is counted; the account then only estimates what providers do not tell. */
  readonly ledger: Ledger | undefined;
  readonly groups: Groups;
}

/**
 * Gives the call its account, holds every attempt against budgets and limits, and settles what they came to. A call that a `downgrade` budget
 * refuses goes to another model, once for each such budget.
 */
export function createReserve(options: ReserveOptions): Stage {
  const { rules, ledger } = options;
  return (next) =>
    function reserved(request, context) {
      const account = openAccount(request, context, rules, ledger);
      context.account = account;
      return next(request, context).then(
        (source) => closing(source, account),
        (error: unknown) => refused(error, request, context, account, next, options),
      );
    };
}

function closing(source: EventSource, account: OpenAccount): EventSource {
  source.onSettled(() => account.close());
  return source;
}

async function refused(
  failure: unknown,
  request: ModelRequest,
  context: CallContext,
  account: OpenAccount,
  next: Handler,
  { groups }: ReserveOptions,
): Promise<EventSource> {
  let error = failure;
  let asked = request;
  try {
    for (;;) {
      const rule = account.refusedBy(error);
      if (rule?.onExceed !== "downgrade") throw error;
      const to = rule.to ?? findCheaper(asked, groups);
      if (to === undefined || to === asked.model) throw error;
      account.waive(rule);
      context.warnings.push({
        type: "other",
        feature: "model",
        details: `budget ${JSON.stringify(rule.id)} is used up: ${asked.model} gave way to ${to}`,
      });
      asked = { ...asked, model: to };
      try {
        return closing(await next(asked, context), account);
      } catch (again) {
        error = again;
      }
    }
  } catch (last) {
    account.close();
    throw last;
  }
}
