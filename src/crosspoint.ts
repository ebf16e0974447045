import type { CallRequest } from "./call-options.ts";
import { checkRequest } from "./check-request.ts";
import type { Endpoints } from "./endpoints/endpoints.ts";
import type { CodecId, ModelRequest } from "./ir/index.ts";
import { CrosspointError, withAttempts } from "./ir/error.ts";
import type { Crosspoint, OpenCallFunction } from "./layer.ts";
import type { Memory } from "./memory.ts";
import { createBook } from "./models/book.ts";
import { costOf } from "./models/cost.ts";
import { checkCounts, checkOptions, checkPolicy, type CrosspointOptions } from "./options.ts";
import { createAttribute } from "./pipeline/attribute.ts";
import type { CallContext, Runtime } from "./pipeline/context.ts";
import type { Closing } from "./pipeline/exchange.ts";
import { collect, toModelStream } from "./pipeline/respond.ts";
import { endForgotten } from "./pipeline/forgotten.ts";
import { createRoute } from "./pipeline/route.ts";
import type { Routing } from "./pipeline/routing.ts";
import type { SpendBooks, Spending } from "./pipeline/spending.ts";
import { createKnown } from "./pipeline/known.ts";
import { compose, type EventSource, type Handler, type Stage } from "./pipeline/stage.ts";
import { createTrace } from "./pipeline/trace.ts";
import { createWatch } from "./pipeline/watch.ts";
import type { Refresh } from "./pipeline/refresh.ts";
import { builtinRows, createRegistry } from "./providers/registry.ts";
import { createGroups } from "./router/groups.ts";
import { listDeployments, listModels } from "./router/list-models.ts";
import { checkRouting } from "./router/options.ts";
import { createAttributionScope } from "./spend/attribution.ts";
import type { BudgetQuery } from "./spend/budget-state.ts";
import { fromBaggage, withBaggage } from "./telemetry/baggage.ts";
import { activeContext } from "./telemetry/otel.ts";
import { systemClock } from "./transport/clock.ts";
import { defaultTransport } from "./transport/default.ts";

const DEFAULTS = {
  recovery: "error",
  retries: 2,
  deadline: 600_000,
  timeout: 300_000,
  firstEventTimeout: 60_000,
  idleTimeout: 60_000,
} as const;

/** Creates the layer. Throws INVALID_OPTIONS for an option that is wrong; nothing is sent and no timer runs until the first call. */
export function createCrosspoint(options: CrosspointOptions = {}): Crosspoint {
  checkOptions(options);
  const defaults = { ...DEFAULTS, ...options };
  const memory: Memory = (options.continues && MEMORIES.get(options.continues)) ?? {};
  const clock = options.clock ?? systemClock;
  const random = options.random ?? Math.random;
  // Made late, because some runtimes have no randomness before their first request; unlike any other process's, which may share the store.
  let prefix: string | undefined;
  let calls = 0;
  const newId = (kind: string): string => `${kind}_${(prefix ??= randomHex(6))}${(calls++).toString(36)}`;
  const stop = new AbortController();
  const closing: Closing = { signal: stop.signal, open: [] };
  const runtime: Runtime = {
    transport: defaultTransport(options.fetch),
    clock,
    watch: createWatch(clock),
    closing,
    random,
    newId,
    monitor: undefined,
  };
  const env = options.env ?? (globalThis as { process?: { env?: Record<string, string | undefined> } }).process?.env ?? {};
  const registry = createRegistry(options.providers ?? {}, env);
  const book = createBook(options.prices ?? {}, () => groups.reset());
  const groups = createGroups({
    registry,
    models: options.models ?? {},
    book,
    besides: (options.budgets ?? []).flatMap(({ onExceed, to }) =>
      onExceed === "downgrade" ? (to ?? Object.keys(options.models ?? {}).filter((name) => !name.includes("*"))) : [],
    ),
    unsupported: options.unsupported ?? "warn",
    defaultModel: options.defaultModel,
    strategy: options.strategy,
    fallbacks: options.fallbacks ?? [],
    ...(options.hidden === undefined ? undefined : { hidden: options.hidden }),
  });
  let routing: Promise<Routing> | undefined;
  /** Whatever finds its way among several places is loaded when there are several, or when a call first fails. */
  const loadRouting = (): Promise<Routing> =>
    (routing ??= import("./pipeline/routing.ts").then(({ createRouting }) => createRouting(groups, runtime, options, memory)));
  const scope = createAttributionScope();
  const { baggage = "none" } = options.telemetry || {};
  const { catalogue, prices = {} } = options;
  let refreshing: Promise<Refresh> | undefined;
  const refresh =
    catalogue &&
    ((): Promise<Refresh> =>
      (refreshing ??= import("./pipeline/refresh.ts").then(({ createRefresh }) => {
        const nameOf = (id: string): string => builtinRows().get(id)?.id ?? id;
        return createRefresh(catalogue, { book, transport: runtime.transport, clock, logger: options.logger, nameOf });
      })));
  const stages: Stage[] = [
    createKnown(groups, book, refresh && (() => void refresh())),
    createAttribute(options.attribution, options.require, baggage.startsWith("read") ? ({ outer }) => fromBaggage(outer) : undefined),
  ];
  const spending = countsCalls(options)
    ? import("./pipeline/spending.ts").then(({ createSpending }) => createSpending(options, clock, groups, memory))
    : undefined;
  const { logger } = options;
  if (logger !== undefined && options.prices !== undefined) {
    import("./pipeline/catalogue-state.ts")
      .then(({ doubtful }) => doubtful(prices).forEach((doubt) => logger.warn(doubt, "a price looks like a mistake")))
      .catch(() => {}); // calls go on without the warning
  }
  if (logger !== undefined) stages.push(late(import("./pipeline/log.ts").then(({ createLog }) => ({ stage: createLog(logger) }))));
  if (options.telemetry !== false) {
    const asked = options.budgets === undefined ? undefined : (query: BudgetQuery) => books().then((found) => found.budgets(query));
    stages.push(createTrace(options.telemetry ?? {}, env, groups, asked));
  }
  if (spending !== undefined) stages.push(late(spending));
  const handler = compose(stages, createRoute(groups, { load: loadRouting, atOnce: routesCalls(options) }));
  const books = async (): Promise<SpendBooks> => {
    const found = (await spending)?.books;
    if (found === undefined)
      throw new CrosspointError("INVALID_OPTIONS", 'nothing is kept: give the option store, as "memory"', { param: "store" });
    return found;
  };

  const openCall: OpenCallFunction = (request, stream, passThrough) => {
    const context = toContext(request, stream, passThrough);
    const open = (): Promise<EventSource> =>
      handler(request, context).then((source) => (stream ? endForgotten(source, context) : source), failed(context));
    return { context, open };
  };
  const toContext = (request: Omit<CallRequest, keyof ModelRequest>, stream: boolean, passThrough?: CodecId): CallContext => {
    if (closing.signal.aborted) throw new CrosspointError("ABORTED", "this Crosspoint is closed");
    checkCounts(request);
    checkPolicy(request.unsupported);
    checkRouting(request);
    return {
      id: newId("call"),
      stream,
      runtime,
      signal: request.signal,
      startedAt: clock.now(),
      timeouts: {
        deadline: request.deadline ?? defaults.deadline,
        timeout: request.timeout ?? defaults.timeout,
        firstEventTimeout: request.firstEventTimeout ?? defaults.firstEventTimeout,
        idleTimeout: request.idleTimeout ?? defaults.idleTimeout,
        minTokensPerSecond: request.minTokensPerSecond ?? options.minTokensPerSecond,
      },
      retries: request.retries ?? defaults.retries,
      ownRetries: request.retries !== undefined,
      fallbacks: request.fallbacks,
      recovery: request.recovery ?? defaults.recovery,
      hedge: request.hedge ?? options.hedge,
      region: request.region,
      headers: request.headers,
      apiKey: request.apiKey,
      unsupported: request.unsupported ?? options.unsupported ?? "warn",
      attempts: [],
      warnings: [],
      // Taken where the call is made: a stream may be read elsewhere.
      attribution: scope.around(request.attribution),
      account: undefined,
      outer: activeContext(),
      trace: undefined,
      onWire: request.onWire,
      passThrough,
      answer: undefined,
      usage: undefined,
      cost: undefined,
    };
  };

  const crosspoint: Omit<Crosspoint, "fetch" | "answer"> = {
    generate(request) {
      try {
        checkRequest(request);
        const context = toContext(request, false);
        return handler(request, context).then((source) => collect(source, context), failed(context));
      } catch (error) {
        return Promise.reject(error);
      }
    },
    stream(request) {
      checkRequest(request);
      const { context, open } = openCall(request, true);
      // A reader may leave before the answer has begun.
      const left = new AbortController();
      context.signal = request.signal === undefined ? left.signal : AbortSignal.any([request.signal, left.signal]);
      return toModelStream(open, context, left);
    },
    async embed(request) {
      const context = toContext(request, false);
      const { embed } = await import("./pipeline/embed.ts");
      return embed(request, context, groups, stages);
    },
    async explain(request) {
      checkRequest(request);
      if (!groups.isKnown(request.model, request.fallbacks)) await book.load();
      return (await loadRouting()).explain(request, toContext(request, false));
    },
    health: async () => (await loadRouting()).health(),
    problems: async () => (await import("./router/problems.ts")).problemsOf(options, groups, registry),
    deployments: (model) => listDeployments(groups, model),
    async catalogue() {
      const [{ catalogueState }] = await Promise.all([import("./pipeline/catalogue-state.ts"), book.load()]);
      const found = await refresh?.();
      await found?.first;
      return catalogueState(book, prices, found);
    },
    models: ({ all } = {}) => listModels(registry, groups, book, all),
    async checkKey(id) {
      const provider = registry.get(id);
      if (provider === undefined) registry.resolve(`${id}/`); // throws with the near matches
      const { checkKey } = await import("./pipeline/check-key.ts");
      return checkKey(provider!, runtime);
    },
    cost({ model, usage }) {
      const { price, priceSource, pending } = groups.get(model).deployments[0]!;
      if (price === undefined && pending === true && usage.reportedCost === undefined) {
        const problem = `the price of ${JSON.stringify(model)} is not loaded yet: await crosspoint.catalogue() once, or call the model first`;
        throw new CrosspointError("BAD_REQUEST", problem, { model, param: "model" });
      }
      return costOf({ price, source: priceSource ?? "catalogue", usage });
    },
    withAttribution: (attribution, body) => scope.run(attribution, baggage.endsWith("write") ? () => withBaggage(attribution, body) : body),
    spend: async (query = {}) => (await books()).spend(query),
    spendLog: async (query = {}) => (await books()).spendLog(query),
    async *exportSpend(format, query = {}) {
      yield* (await books()).exportSpend(format, query);
    },
    budgets: async (query = {}) => (await books()).budgets(query),
    async close() {
      stop.abort(new CrosspointError("ABORTED", "this Crosspoint was closed"));
      for (const exchange of closing.open.slice()) {
        exchange.abort(stop.signal.reason);
        exchange.onClosed?.();
      }
      (await refreshing)?.stop();
      await (await spending)?.close();
    },
  };
  let answering: Promise<Pick<Crosspoint, "fetch" | "answer">> | undefined;
  /** The endpoints are loaded when a client first speaks to them. */
  const loadEndpoints = async (): Promise<Pick<Crosspoint, "fetch" | "answer">> => {
    const [{ createAnswer, createFetch }, { createEnvelopes }, { createResponseStore }] = await Promise.all([
      import("./endpoints/fetch.ts"),
      import("./codecs/envelope.ts"),
      import("./endpoints/response-store.ts"),
    ]);
    const { envelopeSecret = (memory.secret ??= randomHex(32)), envelopeTtl, responseStore = {} } = options;
    const endpoints: Endpoints = {
      crosspoint,
      openCall,
      envelopes: createEnvelopes({
        secret: envelopeSecret,
        now: () => clock.now(),
        ...(envelopeTtl === undefined ? undefined : { ttl: envelopeTtl }),
      }),
      responses: responseStore === false ? undefined : (memory.responses ??= createResponseStore(responseStore, clock)),
      newId,
      clock,
      maxBodyBytes: options.maxBodyBytes ?? 32 * 1024 * 1024,
      forward: options.forward ?? [],
    };
    return { fetch: createFetch(endpoints), answer: createAnswer(endpoints) };
  };
  const layer: Crosspoint = {
    ...crosspoint,
    fetch: async (input, init) => (await (answering ??= loadEndpoints())).fetch(input, init),
    answer: async (call) => (await (answering ??= loadEndpoints())).answer(call),
  };
  MEMORIES.set(layer, memory);
  return layer;
}

function failed({ attempts }: CallContext): (error: unknown) => never {
  return (error) => {
    throw withAttempts(error, attempts);
  };
}

const MEMORIES = new WeakMap<Crosspoint, Memory>();

function countsCalls({ onSpend, budgets, limits, store }: CrosspointOptions): boolean {
  return onSpend !== undefined || budgets !== undefined || limits !== undefined || store !== undefined;
}

function routesCalls({ models = {}, fallbacks, recovery, hedge }: CrosspointOptions): boolean {
  const leads = Object.values(models).some((each) => typeof each === "object");
  return leads || fallbacks !== undefined || hedge !== undefined || (recovery !== undefined && recovery !== "error");
}

/** The stage of parts that are still being loaded; calls that come before them wait. */
function late(spending: Promise<Pick<Spending, "stage">>): Stage {
  return (inner) => {
    let loaded: Handler | undefined;
    const loading = spending.then(({ stage }) => (loaded = stage(inner)));
    loading.catch(() => {}); // each call hears of it
    return function counted(request, context) {
      return loaded === undefined ? loading.then((handler) => handler(request, context)) : loaded(request, context);
    };
  };
}

function randomHex(bytes: number): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(bytes)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
