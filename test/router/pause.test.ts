import { expect, test } from "vitest";
import { CrosspointError, type ErrorCode } from "../../src/index.ts";
import type { Deployment } from "../../src/router/deployment.ts";
import { createMonitor } from "../../src/router/monitor.ts";
import { select, type Trip } from "../../src/router/select.ts";
import { ask, begun, groupsOf, NOW } from "../support/deployments.ts";

test("one that asked for a pause of up to a minute is at a limit, one that asked for more, or fails, is out", () => {
  const monitor = createMonitor();
  const group = groupsOf({ all: { deployments: ["a", "b", "c"].map((id) => ({ model: "openai/gpt-4o", id })) } }).get("all");
  const fail = (each: Deployment, code: ErrorCode, retryAfter?: number): void => {
    const record = begun(each);
    const error = new CrosspointError(code, "no", retryAfter === undefined ? {} : { retryAfter });
    monitor.begin(each, record, true);
    monitor.end(each, Object.assign(record, { durationMs: 10, error }), true, false);
  };
  const [a, b, c] = group.deployments as readonly [Deployment, Deployment, Deployment];
  fail(a, "RATE_LIMITED", 2_000);
  fail(b, "RATE_LIMITED", 120_000);
  for (let call = 0; call < 3; call++) fail(c, "SERVER");
  const trip: Trip = { region: undefined, tags: undefined, spent: new Set(), due: new Map() };
  const { candidates, full, shut } = select(
    group,
    ask(() => 0, {}, NOW + 100),
    trip,
    monitor,
  );
  expect({ candidates, full: full.map(([{ id }, ms]) => [id, ms]), shut: shut.map(({ id }) => id) }).toEqual({
    candidates: [],
    full: [["a", 1_910]],
    shut: ["b", "c"],
  });
});
