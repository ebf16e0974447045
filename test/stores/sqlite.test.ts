import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sqliteStore } from "crosspoint/sqlite";
import { storeCases } from "crosspoint/testing";
import { afterAll, test } from "vitest";

const folder = mkdtempSync(join(tmpdir(), "crosspoint-sqlite-"));
let files = 0;
afterAll(() => rmSync(folder, { recursive: true }));

test.each(storeCases)("$name", ({ run }) =>
  run(() => {
    const path = join(folder, `${files++}.db`);
    return Promise.resolve({ store: sqliteStore({ path }), another: () => Promise.resolve(sqliteStore({ path })) });
  }),
);
