import type { EncodedRequest, ProviderCodec } from "../codecs/codec.ts";
import type { Prepared } from "../codecs/prepare-history.ts";
import { CrosspointError } from "../ir/error.ts";
import type { StreamEvent } from "../ir/event.ts";
import type { Deployment } from "../router/deployment.ts";
import type { AnswerHead } from "./answer-head.ts";
import { ownKeyFor, type AttemptRecord, type CallContext } from "./context.ts";
import { isOverdue, type Exchange } from "./exchange.ts";

/** What the parts of one attempt share. */
export interface Call {
  readonly prepared: Prepared;
  readonly encoded: EncodedRequest;
  readonly deployment: Deployment;
  readonly codec: ProviderCodec;
  readonly record: AttemptRecord;
  readonly context: CallContext;
  readonly exchange: Exchange;
  readonly head: AnswerHead;
}

/** Completes a batch before it leaves the attempt. */
export type Finish = (events: readonly StreamEvent[]) => readonly StreamEvent[];

/** Whether the provider's bytes say to the client just what the events say. */
export function mayPassThrough({ context, codec, prepared, encoded }: Call): boolean {
  return (
    context.passThrough === codec.id && prepared.restore === undefined && prepared.warnings.length === 0 && encoded.warnings.length === 0
  );
}

/** Notes that a stream has shown its first event, or that an answer is there. */
export function settleFirst({ record, context, deployment, exchange }: Pick<Call, "record" | "context" | "deployment" | "exchange">): void {
  record.firstEventMs = context.runtime.clock.now() - record.startedAt;
  exchange.disarm();
  context.runtime.monitor?.shown(deployment, record);
}

/** Closes the record of an attempt. */
export function settleRecord(
  { record, context, deployment }: Pick<Call, "record" | "context" | "deployment">,
  error: CrosspointError | undefined,
  cancelled = false,
  now = context.runtime.clock.now(),
): void {
  record.durationMs = now - record.startedAt;
  record.outcome = cancelled || error?.code === "ABORTED" ? "aborted" : error === undefined ? "success" : "failure";
  if (error !== undefined) record.error = error;
  context.account?.end(record);
  context.trace?.end(record);
  judge(record, context, deployment);
}

/** Lets routing learn from an attempt that is over. */
export function judge(record: AttemptRecord, context: CallContext, deployment: Deployment): void {
  const { runtime, account, stream, trace } = context;
  if (runtime.monitor === undefined) return;
  const { error } = record;
  const isOurs = error !== undefined && (account?.verdict(error) !== undefined || wasLate(record, error, context));
  const ownKey = ownKeyFor(context, record.provider) !== undefined;
  if (runtime.monitor.end(deployment, record, stream, ownKey, isOurs)) trace?.cooled(record);
}

/** The call's deadline ended an attempt that began when more than half of it was gone: that speaks against whoever took the time before. */
function wasLate({ startedAt, durationMs = 0, firstEventMs }: AttemptRecord, error: CrosspointError, context: CallContext): boolean {
  const { deadline } = context.timeouts;
  if (deadline === undefined || firstEventMs !== undefined || !isOverdue(error)) return false;
  return durationMs < deadline / 2 && startedAt + durationMs >= context.startedAt + deadline;
}

/** Runs what asks the provider inside the span of its attempt, where there is one. */
export function within<T>({ trace }: CallContext, record: AttemptRecord, body: () => T): T {
  return trace === undefined ? body() : trace.within(record, body);
}

/** The same error, told where it happened. */
export function locate(
  error: CrosspointError,
  at: { readonly provider: string; readonly model: string; readonly deployment: string },
): CrosspointError {
  if (error.deployment !== undefined || error.code === "ABORTED") return error;
  const { code, status, retryable, retryAfter, requestId, providerCode, param, cause } = error;
  const located = new CrosspointError(code, error.message, {
    status,
    retryable,
    provider: at.provider,
    model: at.model,
    deployment: at.deployment,
    ...(retryAfter === undefined ? undefined : { retryAfter }),
    ...(requestId === undefined ? undefined : { requestId }),
    ...(providerCode === undefined ? undefined : { providerCode }),
    ...(param === undefined ? undefined : { param }),
    ...(cause === undefined ? undefined : { cause }),
  });
  if (error.stack !== undefined) located.stack = error.stack;
  return located;
}
