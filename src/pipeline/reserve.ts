import { CrosspointError } from "../ir/error.ts";
import type { ModelRequest } from "../ir/request.ts";
import type { Groups } from "../router/groups.ts";
import type { Ledger } from "../spend/ledger.ts";
import type { Rule } from "../spend/rules.ts";
import { openAccount, type OpenAccount } from "./account.ts";
import type { CallContext } from "./context.ts";
import { findCheaper } from "./downgrade.ts";
import type { Report } from "./settle.ts";
import type { EventSource, Handler, Outcome, Stage } from "./stage.ts";

export interface ReserveOptions {
  readonly rules: readonly Rule[];
  /** Absent where nothing is counted; the account then only estimates what providers do not tell. */
  readonly ledger: Ledger | undefined;
  readonly groups: Groups;
  readonly report: Report;
}

/**
 * Gives the call its account, holds every attempt against budgets and limits, settles what they came to, and reports the call, once, however it
 * ends. A call that a `downgrade` budget refuses goes to another model, once for each such budget.
 */
export function createReserve(options: ReserveOptions): Stage {
  const { rules, ledger, report } = options;
  return (next) =>
    function reserved(request, context) {
      const account = openAccount(request, context, rules, ledger);
      context.account = account;
      const end = (outcome: Outcome): void => {
        account.close();
        // Attempts that lost a race may be over a little later than the call; its row has them all.
        account.whenIdle(() => report(request.model, context, outcome));
      };
      const onSource = (source: EventSource): EventSource => {
        source.onSettled(end);
        return source;
      };
      const onFailure = (failure: unknown): Promise<EventSource> =>
        downgrade(failure, request, context, account, next, options).then(onSource, (error: unknown) => {
          end({ error: CrosspointError.is(error) ? error : new CrosspointError("SERVER", String(error), { cause: error }) });
          throw error;
        });
      try {
        return next(request, context).then(onSource, onFailure);
      } catch (error) {
        return onFailure(error);
      }
    };
}

/** The answer of a cheaper model where that was asked for; rejects with the failure in all other cases. */
async function downgrade(
  failure: unknown,
  request: ModelRequest,
  context: CallContext,
  account: OpenAccount,
  next: Handler,
  { groups }: ReserveOptions,
): Promise<EventSource> {
  let error = failure;
  let asked = request;
  for (;;) {
    const rule = account.refusedBy(error);
    // What writes nothing is an embedding: another model's vectors do not compare.
    if (rule?.onExceed !== "downgrade" || asked.maxOutputTokens === 0) throw error;
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
      return await next(asked, context);
    } catch (again) {
      error = again;
    }
  }
}
