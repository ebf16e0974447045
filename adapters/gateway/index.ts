export type { GatewayConfig } from "./config/config.ts";
export { checkConfig, loadConfig, parseConfig, type ConfigCheck } from "./config/load.ts";
export type { ConfigProblem } from "./config/report.ts";
export { createMetrics, type Metrics, type MetricsOptions } from "./metrics/metrics.ts";
export { serve, type Gateway, type Served, type ServeOptions } from "./serve.ts";
export { createLogger, type GatewayLogger, type LogFormat, type LoggerOptions, type LogLevel } from "./telemetry/logger.ts";
