import { once } from "node:events";
import { parseArgs } from "node:util";
import { createCrosspoint, CrosspointError, type Crosspoint, type CrosspointOptions } from "crosspoint";
import { loadConfig, type GatewayConfig } from "../config/load.ts";
import { serve } from "../serve.ts";

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
    },
  });
  const config: GatewayConfig = values.config === undefined ? { options: {} } : await loadConfig(values.config, env);
  const port = values.port === undefined ? config.port : toPort(values.port);
  const host = values.host ?? config.host;
  const options = withModels({ env, ...config.options }, values.model);
  const crosspoint = createLayer(options, config);
  const gateway = await serve({
    crosspoint,
    ...(port === undefined ? undefined : { port }),
    ...(host === undefined ? undefined : { host }),
    ...(options.maxBodyBytes === undefined ? undefined : { maxBodyBytes: options.maxBodyBytes }),
  });
  output.out(`crosspoint listens on ${gateway.url}`);
  output.out(`  OpenAI      ${gateway.url}/v1       (OPENAI_BASE_URL)`);
  output.out(`  Anthropic   ${gateway.url}          (ANTHROPIC_BASE_URL)`);
  output.out(`  Google      ${gateway.url}          (GOOGLE_GEMINI_BASE_URL)`);
  if (Object.keys(options.models ?? {}).length > 0)
    output.out(`  models      ${Object.keys(options.models!).join(", ")}, and any provider/model`);
  await Promise.race([once(process, "SIGINT"), once(process, "SIGTERM")]);
  output.out("crosspoint stops: calls under way have 5 seconds");
  await gateway.close();
  await crosspoint.close();
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
