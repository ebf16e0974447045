import { fork, type ChildProcess } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "vitest";
import type { Place } from "./place.ts";
import { createSchema, dropPrefix, POSTGRES_URL, REDIS_URL } from "./servers.ts";

/** A test for each store that processes can share; those whose server is not there say that they are skipped. */
export function onSharedStores(name: string, body: (place: Place) => Promise<void>): void {
  test(`SQLite: ${name}`, async () => {
    const folder = mkdtempSync(join(tmpdir(), "crosspoint-processes-"));
    try {
      await body({ kind: "sqlite", path: join(folder, "spend.db") });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  if (POSTGRES_URL === undefined) test.skip(`PostgreSQL: ${name}: CROSSPOINT_POSTGRES_URL is not set`, () => {});
  else {
    const server = POSTGRES_URL;
    test(`PostgreSQL: ${name}`, async () => {
      const schema = await createSchema(server);
      try {
        await body({ kind: "postgres", url: schema.url });
      } finally {
        await schema.drop();
      }
    });
  }

  if (REDIS_URL === undefined) test.skip(`Redis: ${name}: CROSSPOINT_REDIS_URL is not set`, () => {});
  else {
    const url = REDIS_URL;
    test(`Redis: ${name}`, async () => {
      const prefix = `crosspoint-test-${randomUUID()}`;
      try {
        await body({ kind: "redis", url, prefix });
      } finally {
        await dropPrefix(url, prefix);
      }
    });
  }
}

/** A process that answers each message with one. */
export function startWorker(file: URL): ChildProcess {
  return fork(file, { execArgv: ["--conditions=crosspoint:source"] });
}

/** Sends a job and waits for its answer; fails when the process ends instead. */
export async function ask(child: ChildProcess, job: object): Promise<unknown> {
  const ended = once(child, "exit").then(([code]) => Promise.reject(new Error(`a worker ended with ${code}`)));
  const answered = Promise.race([once(child, "message"), ended]);
  child.send(job);
  return ((await answered) as readonly unknown[])[0];
}
