import { once } from "node:events";
import { parseArgs } from "node:util";
import { createCrosspoint, CrosspointError, type Crosspoint, type CrosspointOptions } from "crosspoint";
import { loadConfig, type GatewayConfig } from "../config/load.ts";
import { createMetrics, type Metrics } from "../metrics/metrics.ts";
import { serve } from "../serve.ts";
import { startExport } from "../telemetry/export.ts";
import { createLogger, toLogFormat, toLogLevel } from "../telemetry/logger.ts";
import { secretsOf } from "../telemetry/redact.ts";

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
      metrics: { type: "string", default: "on" },
      log: { type: "string", default: "info" },
      "log-format": { type: "string", default: process.stdout.isTTY ? "text" : "json" },
    },
  });
  const format = toLogFormat(values["log-format"]);
  const logger = createLogger({ level: toLogLevel(values.log), format, secrets: secretsOf(env), write: output.out });
  const config: GatewayConfig = values.config === undefined ? { options: {} } : await loadConfig(values.config, env);
  const port = values.port === undefined ? config.port : toPort(values.port);
  const host = values.host ?? config.host;
  const metrics = metricsFor(values.metrics, host);
  const options = withMetrics(withModels({ env, logger, ...config.options }, values.model), metrics);
  const crosspoint = createLayer(options, config);
  const stopExport = await startExport(process.env, logger);
  const gateway = await serve({
    crosspoint,
    logger,
    ...(metrics === undefined ? undefined : { metrics }),
    ...(port === undefined ? undefined : { port }),
    ...(host === undefined ? undefined : { host }),
    ...(options.maxBodyBytes === undefined ? undefined : { maxBodyBytes: options.maxBodyBytes }),
  });
  const { url } = gateway;
  const models = Object.keys(options.models ?? {});
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
  await crosspoint.close();
  await stopExport();
  return 0;
}

/** The layer; what is wrong in the file is told with its place there, models included, which the layer itself looks at when they are asked for. */
function createLayer(options: CrosspointOptions, { locate }: GatewayConfig): Crosspoint {
  let at: string | undefined;
  try {
    const crosspoint = createCrosspoint(options);
    for (const name of Object.keys(options.models ?? {})) {
      at = `models.${name}`;
      if (!name.includes("*")) crosspoint.deployments(name);
    }
    return crosspoint;
  } catch (error) {
    if (!CrosspointError.is(error) || locate === undefined) throw error;
    const param = error.param?.startsWith("models.") === true ? error.param : (at ?? error.param);
    if (param === undefined) throw error;
    throw new CrosspointError(error.code, `${locate(param)}: ${error.message}`, { param, cause: error });
  }
}

/** Metrics are shown where only this machine can ask, and elsewhere when they are asked for in as many words. */
function metricsFor(word: string, host: string | undefined): Metrics | undefined {
  if (!["on", "off", "public"].includes(word))
    throw new CrosspointError("INVALID_OPTIONS", `--metrics must be on, off or public, not "${word}"`);
  const isLocal = host === undefined || host === "localhost" || host === "::1" || host.startsWith("127.");
  return word === "public" || (word === "on" && isLocal) ? createMetrics() : undefined;
}

function withMetrics(options: CrosspointOptions, metrics: Metrics | undefined): CrosspointOptions {
  if (metrics === undefined || options.telemetry === false) return options;
  return { ...options, telemetry: { ...options.telemetry, meterProvider: metrics.meterProvider } };
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
  return { ...options, models: { ...options.models, default: { deployments: [first!], fallbacks } }, defaultModel: "default" };
}
