export { loadConfig, parseConfig } from "./config/load.ts";
export { createMetrics, type Metrics, type MetricsOptions } from "./metrics/metrics.ts";
export { serve, type Gateway, type Served, type ServeOptions } from "./serve.ts";
export { createLogger, type GatewayLogger, type LogFormat, type LoggerOptions, type LogLevel } from "./telemetry/logger.ts";
