import type { CrosspointOptions } from "crosspoint";
import type { GatewayConfig } from "../config/config.ts";
import { fingerprintOfFiles } from "../config/fingerprint.ts";
import { checkConfig, type ConfigCheck } from "../config/load.ts";
import { toPlaced } from "../config/report.ts";
import type { Env } from "../config/variables.ts";
import { createFileWatch } from "../config/watch.ts";
import type { Gateway } from "../serve.ts";
import type { GatewayLogger } from "../telemetry/logger.ts";
import { createLive, type Live } from "./live.ts";

export interface ReloaderOptions {
  readonly file: string;
  readonly env: Env;
  readonly config: GatewayConfig;
  /** What it was read from. A file that has changed since takes over at the next look. */
  readonly read: Pick<ConfigCheck, "files" | "fingerprint">;
  readonly live: Live;
  readonly gateway: Pick<Gateway, "replace">;
  readonly complete: (options: CrosspointOptions) => CrosspointOptions;
  readonly logger: GatewayLogger;
  /** Default true. */
  readonly watch?: boolean;
  /** Milliseconds that a file may be empty or away, as while it is written, before that is told. Default 1,000. */
  readonly goneMs?: number;
  /** Hears of each config that took over. */
  readonly onReload?: (config: GatewayConfig) => void;
}

export interface Reloader {
  /** Reads the file now, and lets it take over when it has changed and is right. */
  reload(): Promise<void>;
  /** Takes no more changes over, and closes the layers when their last calls are over. */
  close(): Promise<void>;
}

/** Lets a changed config file take over while the gateway runs. What is wrong with it is told, and the one before stays. */
export async function createReloader(options: ReloaderOptions): Promise<Reloader> {
  const { file, env, gateway, complete, logger } = options;
  let { config, live } = options;
  let { files, fingerprint: seen } = options.read;
  let turn: Promise<void> = Promise.resolve();
  let isClosed = false;
  const leaving = new Set<Promise<void>>();

  /** Lets the one before end its calls, then closes it. */
  const retire = async (old: Live, next: Live): Promise<void> => {
    await gateway.replace(next.served);
    await old.close(next).catch((error: unknown) => logger.warn({ error }, "the layer before did not close well"));
  };
  let missing: NodeJS.Timeout | undefined;
  let wasMissed = false;
  /** What stays empty or away is told, once. */
  const missed = (): void => {
    if (wasMissed) return;
    const look = async (): Promise<void> => {
      missing = undefined;
      if ((await fingerprintOfFiles(files)) !== undefined || isClosed) return;
      wasMissed = true;
      logger.warn({ file, files }, "the config file is empty or away: the one before stays, and a restart would fail");
    };
    missing ??= setTimeout(() => void look(), options.goneMs ?? 1_000).unref();
  };
  const take = async (): Promise<void> => {
    if (isClosed) return;
    const now = await fingerprintOfFiles(files);
    if (now === undefined) return missed();
    wasMissed = false;
    clearTimeout(missing);
    missing = undefined;
    if (now === seen) return;
    const found = await checkConfig(file, env);
    ({ files, fingerprint: seen } = found);
    await watcher?.follow(files);
    for (const problem of found.problems) logger.warn({}, toPlaced(problem));
    if (found.config === undefined) {
      logger.warn({ file }, "the changed config is wrong: the one before stays");
      return;
    }
    const next = await createLive(found.config, complete, live);
    const { port, host } = config;
    if (found.config.port !== port || found.config.host !== host) logger.warn({ file }, "port and host change with a restart alone");
    const left = retire(live, next);
    leaving.add(left);
    void left.finally(() => leaving.delete(left));
    config = found.config;
    live = next;
    logger.info({ file, models: live.models }, "the changed config has taken over");
    options.onReload?.(config);
  };
  const reload = (): Promise<void> =>
    (turn = turn
      .then(take)
      .catch((error: unknown) => logger.warn({ file, error }, "the changed config does not start: the one before stays")));
  const watcher =
    options.watch === false
      ? undefined
      : createFileWatch(
          () => void reload(),
          (error) => logger.warn({ file, error }, "the config file is no longer watched; SIGHUP reads it again"),
        );
  await watcher?.follow(files);
  // What has changed between reading and watching.
  if (watcher !== undefined) void reload();
  return {
    reload,
    async close() {
      isClosed = true;
      clearTimeout(missing);
      watcher?.close();
      await turn;
      await Promise.allSettled(leaving);
      await live.close();
    },
  };
}
