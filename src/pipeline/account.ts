import type { CrosspointError } from "../ir/error.ts";
import type { ModelRequest } from "../ir/request.ts";
import { costOf } from "../models/cost.ts";
import type { Deployment } from "../router/deployment.ts";
import { refusal, unknownPrice, type Counted, type Ledger } from "../spend/ledger.ts";
import { countersOf, holdOf, type Place, type Rule, type Subject } from "../spend/rules.ts";
import type { Charge, Granted, Hold, Refused } from "../spend/store.ts";
import { worstCost, worstInput, worstOutput } from "../spend/worst-case.ts";
import type { AttemptRecord, CallAccount, CallContext } from "./context.ts";
import { cutUsage } from "./cut-usage.ts";
import { lengthOf } from "./stream-source.ts";

const NOBODY: Subject = {};

/** A call's account, with what its stage asks of it. */
export interface OpenAccount extends CallAccount {
  /** The rule that refused, when this is its refusal. */
  refusedBy(error: unknown): Rule | undefined;
  /** Lets the call pass a rule's limit from now on. */
  waive(rule: Rule): void;
  /** Settles what is left: the call is over. */
  close(): void;
}

/** What an attempt holds, until it is known what it came to. */
interface Held {
  readonly leaseId: string;
  readonly counted: readonly Counted[];
  /** The charges of the attempt; those of the call itself wait for its end. */
  charges: Charge[] | undefined;
}

/**
 * Opens the account of a call. Before each attempt its worst case is reserved in the counters of every budget and limit that it falls
 * under, all or none; once it is over, what it truly came to is settled. Calls and parallel calls are counted once for the whole
 * call, except by a rule that names who answers: there each attempt counts.
 */
export function openAccount(request: ModelRequest, context: CallContext, rules: readonly Rule[], ledger: Ledger | undefined): OpenAccount {
  const { clock } = context.runtime;
  const subject: Subject = context.attribution ?? NOBODY;
  const refusals = new Map<CrosspointError, Rule>();
  const waived = new Set<Rule>();
  let attempts = 0;
  let held: Held | undefined;
  /** The lease that counts the call itself. */
  let callLease: string | undefined;
  let callCounted: Counted[] = [];
  let measured: ModelRequest | undefined;
  let inputWorst = 0;
  let current: { readonly request: ModelRequest; readonly deployment: Deployment } | undefined;
  let shown = 0;
  let over = false;

  const amountOf = (rule: Rule, asked: ModelRequest, { price, target }: Deployment): number => {
    if (rule.unit === "requests" || rule.unit === "parallel") return 1;
    if (measured !== asked) {
      measured = asked;
      inputWorst = worstInput(asked);
    }
    const input = inputWorst;
    const output = worstOutput(asked, rule.expectedOutput, target.traits.maxOutput);
    if (rule.unit === "tokens") return Math.ceil(input + output);
    return price === undefined ? 0 : worstCost(price, input, output, asked);
  };
  const reserve = (asked: ModelRequest, deployment: Deployment): void | Promise<void> => {
    const now = clock.now();
    const place: Place = { asked: request.model, provider: deployment.provider.id, model: deployment.model };
    const holds: Hold[] = [];
    const counted: Counted[] = [];
    const ofCall: Counted[] = [];
    for (const rule of rules) {
      const once = !rule.local && (rule.unit === "requests" || rule.unit === "parallel");
      if (once && callLease !== undefined) continue;
      const keys = countersOf(rule, subject, place);
      if (keys.length === 0) continue;
      const amount = amountOf(rule, asked, deployment);
      const blocks = rule.onExceed !== "alert" && !waived.has(rule);
      if (rule.unit === "usd" && deployment.price === undefined && rule.unknownPrice === "block" && blocks)
        throw unpriced(rule, deployment);
      for (const key of keys) {
        // What is free fits every budget of money.
        holds.push(holdOf(rule, key, amount, blocks && !(rule.unit === "usd" && amount === 0), now));
        counted.push({ rule, key });
        if (once) ofCall.push({ rule, key });
      }
    }
    if (holds.length === 0) return;
    const leaseId = `${context.id}.${attempts++}`;
    const onAnswer = (answer: Granted | Refused): void => {
      if (!answer.granted) throw refused(counted[answer.index]!, holds[answer.index]!, answer, deployment, now);
      held = { leaseId, counted, charges: undefined };
      if (ofCall.length > 0) [callLease, callCounted] = [leaseId, ofCall];
    };
    const answer = ledger!.reserve(leaseId, holds, now);
    return answer instanceof Promise ? answer.then(onAnswer) : onAnswer(answer);
  };
  const refused = (one: Counted, hold: Hold, answer: Refused, deployment: Deployment, now: number): CrosspointError => {
    const used = answer.buckets.reduce((sum, [, amount]) => sum + amount, 0);
    const room = one.rule.window.fits(answer, hold.amount, hold.limit!, now);
    const at = { provider: deployment.provider.id, model: deployment.model, deployment: deployment.id };
    const error = refusal(one, hold.amount, used, answer.reserved, room, now, at);
    refusals.set(error, one.rule);
    return error;
  };
  const unpriced = (rule: Rule, deployment: Deployment): CrosspointError => {
    const error = unknownPrice(rule, deployment);
    refusals.set(error, rule);
    return error;
  };
  /** Writes down what the last attempt came to, and with the end of the call what the call itself counts. */
  const settle = (): void | Promise<void> => {
    const ended = held;
    held = undefined;
    const ofCall = over && callLease !== undefined ? callCounted.map(chargeOfCall) : [];
    const charges = ended?.charges ?? (ended === undefined ? [] : chargesOf(ended, undefined));
    let last: Promise<void> | undefined;
    if (ended !== undefined) {
      const same = ended.leaseId === callLease;
      last = ledger!.settle(ended.leaseId, same && over ? [...charges, ...ofCall] : charges, !same || over);
      if (same || !over) return watched(ended.counted, last);
    }
    if (ofCall.length > 0) last = ledger!.settle(callLease!, ofCall, true);
    if (ended !== undefined || ofCall.length > 0) return watched([...(ended?.counted ?? []), ...callCounted], last);
  };
  const watched = (counted: readonly Counted[], settled: Promise<void> | undefined): void | Promise<void> => {
    if (!counted.some(({ rule }) => rule.alertAt.length > 0)) return settled;
    const watch = (): void => ledger!.watch(counted);
    return settled === undefined ? watch() : settled.then(watch);
  };
  const chargesOf = ({ leaseId, counted }: Held, record: AttemptRecord | undefined): Charge[] => {
    const charges: Charge[] = [];
    for (const one of counted) {
      if (leaseId === callLease && callCounted.some(({ key }) => key === one.key)) continue;
      charges.push({ key: one.key, amount: trueAmount(one.rule, record) });
    }
    return charges;
  };

  return {
    begin(asked, deployment) {
      shown = 0;
      current = undefined;
      // An attempt that was refused, or given up while the store was asked, is never sent and used nothing.
      const enter = (): void => {
        if (context.signal?.aborted !== true) current = { request: asked, deployment };
      };
      if (ledger === undefined || rules.length === 0) return enter();
      const settled = held === undefined ? undefined : settle();
      const reserved = settled instanceof Promise ? settled.then(() => reserve(asked, deployment)) : reserve(asked, deployment);
      return reserved instanceof Promise ? reserved.then(enter) : enter();
    },
    saw(events) {
      for (const event of events) shown += lengthOf(event);
    },
    end(record) {
      if (current !== undefined) complete(record, current.request, current.deployment, shown);
      current = undefined;
      if (held !== undefined) held.charges = chargesOf(held, record);
    },
    verdict(error) {
      const rule = refusals.get(error);
      if (rule === undefined) return undefined;
      return rule.local && (rule.onExceed === "block" || rule.onExceed === "limit") ? "elsewhere" : "end";
    },
    refusedBy: (error) => refusals.get(error as CrosspointError),
    waive: (rule) => void waived.add(rule),
    close() {
      if (over) return;
      over = true;
      void settle();
    },
  };
}

function chargeOfCall({ rule, key }: Counted): Charge {
  return { key, amount: rule.unit === "parallel" ? 0 : 1 };
}

function trueAmount({ unit }: Rule, record: AttemptRecord | undefined): number {
  switch (unit) {
    case "usd":
      return record?.cost?.nanoUsd ?? 0;
    case "tokens":
      return record?.usage?.total ?? 0;
    case "requests":
      return 1;
    case "parallel":
      return 0;
    default:
      return unit satisfies never;
  }
}

/**
 * Fills in what an attempt used where nothing told of it: an answer that came without counts, and one that was given up by its caller or by the
 * clock while the provider was at work. What failed before it showed anything used nothing.
 */
function complete(record: AttemptRecord, request: ModelRequest, deployment: Deployment, shown: number): void {
  const { usage: told, outcome, error } = record;
  if (told?.total !== undefined) return;
  if (outcome === "failure" && shown === 0 && error?.code !== "TIMEOUT") return;
  const usage = cutUsage(request, told, shown);
  const cost = costOf({ price: deployment.price, source: deployment.priceSource ?? "catalogue", usage });
  record.usage = usage;
  if (cost !== undefined) record.cost = cost;
}
