export { loadConfig, parseConfig } from "./config/load.ts";
export { serve, type Gateway, type ServeOptions } from "./serve.ts";
