import { once } from "node:events";
import { parseArgs } from "node:util";
import { CrosspointError, type CrosspointOptions } from "crosspoint";
import type { GatewayConfig } from "../config/config.ts";
import { checkConfig, type ConfigCheck } from "../config/load.ts";
import { toError, toPlaced } from "../config/report.ts";
import type { Env } from "../config/variables.ts";
import { verify } from "../config/verify.ts";
import { inTurns } from "../metrics/in-turns.ts";
import { createMetrics, type Metrics } from "../metrics/metrics.ts";
import { isLoopback, serve } from "../serve.ts";
import { startExport } from "../telemetry/export.ts";
import { createLogger, toLogFormat, toLogLevel, type GatewayLogger } from "../telemetry/logger.ts";
import { secretsOf } from "../telemetry/redact.ts";
import { findDefaultFile } from "./check.ts";
import { createLive } from "./live.ts";
import { createReloader } from "./reload.ts";

export interface Output {
  readonly out: (line: string) => void;
  readonly error: (line: string) => void;
}

/** `crosspoint serve`: listens until the process is told to stop. */
export async function runServe(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  output: Output,
): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      model: { type: "string", multiple: true },
      config: { type: "string" },
      port: { type: "string" },
      host: { type: "string" },
      "no-watch": { type: "boolean", default: false },
      metrics: { type: "string", default: "on" },
      log: { type: "string", default: "info" },
      "log-format": { type: "string", default: process.stdout.isTTY ? "text" : "json" },
    },
  });
  const format = toLogFormat(values["log-format"]);
  const logger = createLogger({ level: toLogLevel(values.log), format, secrets: secretsOf(env), write: output.out });
  const file = values.config ?? (values.model === undefined ? await findDefaultFile() : undefined);
  const read = file === undefined ? undefined : await loadChecked(file, env, logger);
  const config = read?.config;
  await checkModels(config, values.model, env, logger);
  const port = values.port === undefined ? config?.port : toPort(values.port);
  const host = values.host ?? config?.host;
  const metrics = metricsFor(values.metrics);
  const nextMeters = metrics && inTurns(metrics.meterProvider);
  const complete = (options: CrosspointOptions): CrosspointOptions =>
    withMetrics(withModels({ env, logger, ...options }, values.model), nextMeters);
  const live = await createLive(config ?? { options: {} }, complete);
  const stopExport = await startExport(forExport(config), logger);
  const gateway = await serve({
    ...live.served,
    logger,
    ...(metrics === undefined ? undefined : { metrics, publicMetrics: values.metrics === "public" }),
    ...(port === undefined ? undefined : { port }),
    ...(host === undefined ? undefined : { host }),
  });
  warnIfOpen(host, live.served.masterKey, logger);
  const onReload = ({ masterKey }: GatewayConfig): void => warnIfOpen(host, masterKey, logger);
  const reloader =
    file === undefined || config === undefined || read === undefined
      ? undefined
      : await createReloader({ file, env, config, read, live, gateway, complete, logger, watch: !values["no-watch"], onReload });
  process.on("SIGHUP", () => void reloader?.reload());
  const { url } = gateway;
  const { models } = live;
  const places = [
    `crosspoint listens on ${url}`,
    `  OpenAI      ${url}/v1       (OPENAI_BASE_URL)`,
    `  Anthropic   ${url}          (ANTHROPIC_BASE_URL)`,
    `  Google      ${url}          (GOOGLE_GEMINI_BASE_URL)`,
    ...(metrics === undefined ? [] : [`  metrics     ${url}/metrics`]),
    ...(models.length === 0 ? [] : [`  models      ${models.join(", ")}, and any provider/model`]),
  ];
  if (format === "text") logger.info({}, places.join("\n"));
  else logger.info({ url, models, metrics: metrics !== undefined }, "crosspoint listens");
  const [signal] = await Promise.race([once(process, "SIGINT"), once(process, "SIGTERM")]);
  logger.info({ signal: signal as string }, "crosspoint stops: calls under way have 5 seconds");
  await gateway.close();
  await (reloader ?? live).close();
  await stopExport();
  return 0;
}

/** The file, looked through. Throws INVALID_OPTIONS with all that is wrong in it, each with its place. */
async function loadChecked(file: string, env: Env, logger: GatewayLogger): Promise<ConfigCheck> {
  const read = await checkConfig(file, env);
  if (read.config === undefined) throw toError(read.problems);
  for (const problem of read.problems) logger.warn({}, toPlaced(problem));
  return read;
}

/** Throws where a `--model` leads nowhere, and warns where it has no key. What else the file has was looked through before. */
async function checkModels(
  config: GatewayConfig | undefined,
  names: readonly string[] | undefined,
  env: Env,
  logger: GatewayLogger,
): Promise<void> {
  if (names === undefined) return;
  const locate = (param: string): string => (param.startsWith("models.default") ? "--model" : "");
  const options = withModels(config?.options ?? {}, names);
  const found = await verify({ dialect: "crosspoint", options, locate, files: [], warnings: [] }, env);
  const ours = found
    .filter(({ place }) => place !== "")
    .map((problem) => ({ ...problem, message: problem.message.replace(/^models\.default\S* is wrong: /, "") }));
  for (const problem of ours) if (problem.level === "warning") logger.warn({}, toPlaced(problem));
  if (ours.some(({ level }) => level === "error")) throw toError(ours);
}

/** The environment with what the file says of OpenTelemetry in it. */
function forExport(config: GatewayConfig | undefined): NodeJS.ProcessEnv {
  for (const [name, value] of Object.entries(config?.options.env ?? {})) {
    if (name.startsWith("OTEL_") && value !== undefined) process.env[name] = value;
  }
  return process.env;
}

function warnIfOpen(host: string | undefined, masterKey: string | undefined, logger: GatewayLogger): void {
  if (host === undefined || isLoopback(host) || masterKey !== undefined) return;
  logger.warn({ host }, "whoever reaches this address can spend your money: set masterKey in the config file, or listen on 127.0.0.1");
}

function metricsFor(word: string): Metrics | undefined {
  if (!["on", "off", "public"].includes(word))
    throw new CrosspointError("INVALID_OPTIONS", `--metrics must be on, off or public, not "${word}"`);
  return word === "off" ? undefined : createMetrics();
}

/** Each layer has a meter provider of its own turn. */
function withMetrics(options: CrosspointOptions, next: ReturnType<typeof inTurns> | undefined): CrosspointOptions {
  if (next === undefined || options.telemetry === false) return options;
  return { ...options, telemetry: { ...options.telemetry, meterProvider: next() } };
}

function toPort(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new CrosspointError("INVALID_OPTIONS", `--port must be a port number, not "${text}"`);
  return port;
}

/** `--model a --model b`: a group named `default`, and the answer to every name that is no model string. */
function withModels(options: CrosspointOptions, names: readonly string[] | undefined): CrosspointOptions {
  if (names === undefined || names.length === 0) return options;
  const [first, ...fallbacks] = names;
  const named = options.models?.[first!];
  const group =
    typeof named === "object" ? { ...named, ...(fallbacks.length > 0 && { fallbacks }) } : { deployments: [named ?? first!], fallbacks };
  return { ...options, models: { ...options.models, default: group }, defaultModel: "default" };
}
