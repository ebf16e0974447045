import type { CrosspointError } from "../ir/error.ts";
import type { ModelRequest } from "../ir/request.ts";
import { costOf } from "../models/cost.ts";
import type { Deployment } from "../router/deployment.ts";
import { refusal, unknownPrice, type Counted, type Ledger, type OpenLease } from "../spend/ledger.ts";
import { countersOf, holdOf, type Place, type Rule, type Subject } from "../spend/rules.ts";
import type { Charge, Granted, Hold, Refused } from "../spend/store.ts";
import { worstCost, worstInput, worstOutput } from "../spend/worst-case.ts";
import type { AttemptRecord, CallAccount, CallContext } from "./context.ts";
import { cutUsage } from "./cut-usage.ts";
import { lengthOf } from "./stream-source.ts";

const NOBODY: Subject = {};
const NOTHING: readonly Counted[] = [];

/** A call's account, with what its stage asks of it. */
export interface OpenAccount extends CallAccount {
  /** The rule that refused, when this is its refusal. */
  refusedBy(error: unknown): Rule | undefined;
  /** Lets the call pass a rule's limit from now on. */
  waive(rule: Rule): void;
  /** Settles what is left: the call is over. */
  close(): void;
}

/** An attempt from its beginning until it is settled. */
interface Running {
  readonly record: AttemptRecord;
  readonly request: ModelRequest;
  readonly deployment: Deployment;
  /** One that was refused, or given up while the store or a function for the key was asked, is never sent. */
  sent: boolean;
  /** Characters. */
  shown: number;
  held: Held | undefined;
}

interface Held {
  readonly lease: OpenLease;
  readonly counted: readonly Counted[];
}

/**
 * Opens the account of a call. Before each attempt its worst case is reserved in the counters of every budget and limit that it falls
 * under, all or none; once it is over, what it truly came to is settled. Calls and parallel calls are counted once for the whole
 * call, except by a rule that names who answers: there each attempt counts.
 */
export function openAccount(request: ModelRequest, context: CallContext, rules: readonly Rule[], ledger: Ledger | undefined): OpenAccount {
  const { clock } = context.runtime;
  const subject: Subject = context.attribution ?? NOBODY;
  // Most calls have one attempt that nothing refuses: what they do not need is made when it is.
  let refusals: Map<unknown, Rule> | undefined;
  let waived: Set<Rule> | undefined;
  let attempts = 0;
  const running: Running[] = [];
  /** Attempts that are over and not settled yet. */
  let ended: Running[] = [];
  /** The lease that counts the call itself. */
  let callLease: OpenLease | undefined;
  let callCounted = NOTHING;
  let onIdle: (() => void) | undefined;
  let measured: ModelRequest | undefined;
  let inputWorst = 0;
  let isOver = false;

  const amountOf = (rule: Rule, asked: ModelRequest, { price, target }: Deployment): number => {
    if (isOnce(rule)) return 1;
    if (measured !== asked) {
      measured = asked;
      inputWorst = worstInput(asked);
    }
    const input = inputWorst;
    const output = worstOutput(asked, rule.expectedOutput, target.traits.maxOutput);
    if (rule.unit === "tokens") return Math.ceil(input + output);
    return price === undefined ? 0 : worstCost(price, input, output, asked);
  };
  const reserve = (attempt: Running): void | Promise<void> => {
    const { request: asked, deployment } = attempt;
    const now = clock.now();
    const place: Place = { asked: request.model, provider: deployment.provider.id, model: deployment.model };
    const holds: Hold[] = [];
    const counted: Counted[] = [];
    let ofCall: Counted[] | undefined;
    for (const rule of rules) {
      const once = countsCall(rule);
      if (once && callLease !== undefined) continue;
      const keys = countersOf(rule, subject, place);
      if (keys.length === 0) continue;
      const amount = amountOf(rule, asked, deployment);
      const blocks = rule.onExceed !== "alert" && waived?.has(rule) !== true;
      if (rule.unit === "usd" && deployment.price === undefined && rule.unknownPrice === "block" && blocks)
        throw unpriced(rule, deployment);
      for (const key of keys) {
        // What is free fits every budget of money.
        holds.push(holdOf(rule, key, amount, blocks && !(rule.unit === "usd" && amount === 0), now));
        const one = { rule, key };
        counted.push(one);
        if (once) (ofCall ??= []).push(one);
      }
    }
    if (holds.length === 0) return;
    const lease: OpenLease = { id: `${context.id}.${attempts++}`, since: now, at: -1 };
    if (ofCall !== undefined) [callLease, callCounted] = [lease, ofCall];
    const onAnswer = (answer: Granted | Refused): void => {
      if (answer.granted) attempt.held = { lease, counted };
      else throw refused(counted[answer.index]!, holds[answer.index]!, answer, deployment, now);
    };
    const onFailure = (error: unknown): never => {
      if (callLease === lease) callLease = undefined;
      throw error;
    };
    try {
      const answer = ledger!.reserve(lease, holds, now);
      return answer instanceof Promise ? answer.then(onAnswer).catch(onFailure) : onAnswer(answer);
    } catch (error) {
      onFailure(error);
    }
  };
  const refused = (one: Counted, hold: Hold, answer: Refused, deployment: Deployment, now: number): CrosspointError => {
    const used = answer.buckets.reduce((sum, [, amount]) => sum + amount, 0);
    const room = one.rule.window.fits(answer, hold.amount, hold.limit!, now);
    const at = { provider: deployment.provider.id, model: deployment.model, deployment: deployment.id };
    const error = refusal(one, hold.amount, used, answer.reserved, room, now, at);
    (refusals ??= new Map()).set(error, one.rule);
    return error;
  };
  const unpriced = (rule: Rule, deployment: Deployment): CrosspointError => {
    const error = unknownPrice(rule, deployment);
    (refusals ??= new Map()).set(error, rule);
    return error;
  };
  /** Writes down what attempts came to, and with the end of the call what the call itself counts. */
  const settle = (): void | Promise<unknown> => {
    const over = isOver;
    let ofCall = over && callLease !== undefined ? callCounted : NOTHING;
    let waits: Promise<void>[] | undefined;
    const settled = ended;
    if (settled.length > 0) ended = [];
    for (const { record, held } of settled) {
      const { lease, counted } = held!;
      const isCall = lease === callLease;
      const charges: Charge[] = [];
      for (const one of counted) if (!isCall || !countsCall(one.rule)) charges.push({ key: one.key, amount: trueAmount(one.rule, record) });
      if (isCall) {
        for (const one of ofCall) charges.push(chargeOfCall(one));
        ofCall = NOTHING;
      }
      const wait = write(ledger!, lease, counted, charges, !isCall || over);
      if (wait !== undefined) (waits ??= []).push(wait);
    }
    if (ofCall.length > 0) {
      const wait = write(ledger!, callLease!, callCounted, ofCall.map(chargeOfCall), running.length === 0);
      if (wait !== undefined) (waits ??= []).push(wait);
    }
    if (over) callCounted = NOTHING;
    return waits === undefined ? undefined : Promise.all(waits);
  };
  const find = (record: AttemptRecord): Running | undefined => running.find((each) => each.record === record);

  return {
    begin(asked, deployment, record) {
      const attempt: Running = { record, request: asked, deployment, sent: false, shown: 0, held: undefined };
      running.push(attempt);
      if (ledger === undefined || rules.length === 0) return;
      const settled = ended.length === 0 ? undefined : settle();
      return settled instanceof Promise ? settled.then(() => reserve(attempt)) : reserve(attempt);
    },
    sends(record) {
      const attempt = find(record);
      if (attempt !== undefined) attempt.sent = true;
    },
    saw(record, events) {
      const attempt = find(record);
      if (attempt !== undefined) for (const event of events) attempt.shown += lengthOf(event);
    },
    end(record) {
      const attempt = find(record);
      if (attempt === undefined) return;
      running.splice(running.indexOf(attempt), 1);
      if (attempt.sent) complete(attempt);
      if (attempt.held !== undefined) {
        ended.push(attempt);
        if (isOver) void settle();
      }
      if (running.length === 0) onIdle?.();
    },
    whenIdle(callback) {
      if (running.length === 0) callback();
      else onIdle = callback;
    },
    verdict(error) {
      const rule = refusals?.get(error);
      if (rule === undefined) return undefined;
      return rule.local && (rule.onExceed === "block" || rule.onExceed === "limit") ? "elsewhere" : "end";
    },
    refusedBy: (error) => refusals?.get(error),
    waive: (rule) => void (waived ??= new Set()).add(rule),
    close() {
      if (isOver) return;
      isOver = true;
      void settle();
    },
  };
}

/** Settles a lease, and looks whether a share of a limit was reached that is to be told. */
function write(
  ledger: Ledger,
  lease: OpenLease,
  counted: readonly Counted[],
  charges: readonly Charge[],
  last: boolean,
): Promise<void> | undefined {
  const settled = ledger.settle(lease, charges, last);
  if (!counted.some(hasAlerts)) return settled;
  if (settled !== undefined) return settled.then(() => ledger.watch(counted));
  ledger.watch(counted);
  return undefined;
}

function isOnce({ unit }: Rule): boolean {
  return unit === "requests" || unit === "parallel";
}

/** Counts the call, and not each of its attempts. */
function countsCall(rule: Rule): boolean {
  return !rule.local && isOnce(rule);
}

function hasAlerts({ rule }: Counted): boolean {
  return rule.alertAt.length > 0;
}

function chargeOfCall({ rule, key }: Counted): Charge {
  return { key, amount: rule.unit === "parallel" ? 0 : 1 };
}

function trueAmount({ unit }: Rule, record: AttemptRecord): number {
  switch (unit) {
    case "usd":
      return record.cost?.nanoUsd ?? 0;
    case "tokens":
      return record.usage?.total ?? 0;
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
function complete({ record, request, deployment, shown }: Running): void {
  const { usage: told, outcome, error } = record;
  if (told?.total !== undefined) return;
  if (outcome === "failure" && shown === 0 && error?.code !== "TIMEOUT") return;
  const usage = cutUsage(request, told, shown);
  const cost = costOf({ price: deployment.price, source: deployment.priceSource ?? "catalogue", usage });
  record.usage = usage;
  if (cost !== undefined) record.cost = cost;
}
