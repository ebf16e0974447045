import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sqliteStore } from "crosspoint/sqlite";
import { storeCases } from "crosspoint/testing";
import { afterAll, expect, test } from "vitest";
import { edges } from "./edges.ts";
import { agreesWithMemory } from "./model.ts";

const folder = mkdtempSync(join(tmpdir(), "crosspoint-sqlite-"));
let files = 0;
afterAll(() => rmSync(folder, { recursive: true }));

test.each(storeCases)("$name", ({ run }) =>
  run(() => {
    const path = join(folder, `${files++}.db`);
    return Promise.resolve({ store: sqliteStore({ path }), another: () => Promise.resolve(sqliteStore({ path })) });
  }),
);

edges(() => Promise.resolve(sqliteStore({ path: join(folder, `${files++}.db`) })));

agreesWithMemory(() => Promise.resolve(sqliteStore({ path: ":memory:" })), 100);

test("a file that cannot be used is said at once", () => {
  expect(() => sqliteStore({ path: join(folder, "none", "x.db") })).toThrow(/cannot be used: unable to open/);
  const noDatabase = join(folder, "text.db");
  writeFileSync(noDatabase, "not a database ".repeat(100));
  expect(() => sqliteStore({ path: noDatabase })).toThrow(/cannot be used: file is not a database/);
  expect(() => sqliteStore({ path: "" })).toThrow("path must name a file");
  expect(() => sqliteStore({ path: ":memory:", busyTimeout: 1.5 })).toThrow("busyTimeout");
});

test("what was written is there when the file is opened again", async () => {
  const path = join(folder, "again.db");
  const first = sqliteStore({ path });
  await first.reserve({ id: "a", expiresAt: 9 }, [{ key: "x", bucket: 0, from: 0, amount: 5 }], 0);
  await first.settle("a", [{ key: "x", amount: 3 }], 0);
  await first.close();
  const second = sqliteStore({ path });
  expect(await second.counters([{ key: "x", from: 0 }], 0)).toEqual([{ used: 3, reserved: 0 }]);
  await second.close();
});
