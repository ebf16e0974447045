import { describe, expect, test } from "vitest";
import { CrosspointError, type Attempt, type ErrorCode } from "../../src/index.ts";
import { stateOf } from "../../src/router/breaker.ts";
import type { Deployment } from "../../src/router/deployment.ts";
import type { DeploymentOption } from "../../src/router/groups.ts";
import type { Monitor } from "../../src/router/monitor.ts";
import { NOW, watched } from "../support/deployments.ts";

const TWO: readonly DeploymentOption[] = [
  { model: "openai/gpt-4o", id: "a", apiKey: "k1" },
  { model: "openai/gpt-4o", id: "b", apiKey: "k2" },
  { model: "openai/gpt-4o-mini", id: "c", apiKey: "k1" },
];

/** A call that ends as it is told. */
function attempt(
  monitor: Monitor,
  deployment: Deployment,
  code?: ErrorCode,
  more: Partial<Attempt> & { retryAfter?: number; ownKey?: boolean } = {},
): void {
  const { retryAfter, ownKey = false, ...rest } = more;
  const record: Attempt = {
    provider: "openai",
    model: deployment.model,
    deployment: deployment.id,
    reason: "first",
    outcome: code === undefined ? "success" : "failure",
    startedAt: NOW,
    durationMs: 10,
    ...(code !== undefined && { error: new CrosspointError(code, "no", retryAfter === undefined ? {} : { retryAfter }) }),
    ...rest,
  };
  monitor.begin(deployment, record, false);
  monitor.end(deployment, record, false, ownKey);
}

const statesOf = (monitor: Monitor, list: readonly Deployment[], now = NOW + 11): string[] =>
  list.map((each) => {
    const { gate, keyGate } = monitor.stateOf(each);
    return `${stateOf(gate, now)}/${stateOf(keyGate, now)}`;
  });

describe("blame", () => {
  test("a burst of 429 with Retry-After cools the deployment of its key alone, for as long as was asked", () => {
    const { list, monitor } = watched(TWO);
    for (let call = 0; call < 50; call++) attempt(monitor, list[0]!, "RATE_LIMITED", { retryAfter: 30_000 });
    expect(statesOf(monitor, list)).toEqual(["open/closed", "closed/closed", "closed/closed"]);
    expect(monitor.stateOf(list[0]!).gate.openUntil).toBe(NOW + 10 + 30_000);
    expect(monitor.open.size).toBe(1);
  });

  test("a refused key takes out all that use it, a forbidden model only itself", () => {
    for (const code of ["AUTHENTICATION", "QUOTA_EXCEEDED"] as const) {
      const { list, monitor } = watched(TWO);
      attempt(monitor, list[0]!, code);
      expect(statesOf(monitor, list)).toEqual(["closed/open", "closed/closed", "closed/open"]);
    }
    const { list, monitor } = watched(TWO);
    attempt(monitor, list[0]!, "PERMISSION_DENIED");
    expect(statesOf(monitor, list)).toEqual(["open/closed", "closed/closed", "closed/closed"]);
  });

  test("the caller's faults, a key of the call's own, calls that are left and slow answers cool nothing", () => {
    const { list, monitor } = watched(TWO);
    const faults = [
      "BAD_REQUEST",
      "CONTENT_POLICY",
      "CONTEXT_WINDOW_EXCEEDED",
      "UNSUPPORTED",
      "TOO_LARGE",
      "UNPROCESSABLE",
      "BUDGET_EXCEEDED",
    ];
    for (const code of faults as ErrorCode[]) for (let call = 0; call < 20; call++) attempt(monitor, list[0]!, code);
    for (let call = 0; call < 20; call++) {
      attempt(monitor, list[0]!, "ABORTED", { outcome: "aborted" });
      for (const code of ["AUTHENTICATION", "RATE_LIMITED", "MODEL_NOT_FOUND"] as const)
        attempt(monitor, list[0]!, code, { ownKey: true, retryAfter: 30_000 });
      attempt(monitor, list[0]!, undefined, { durationMs: 290_000, firstEventMs: 280_000 });
    }
    expect(statesOf(monitor, list)).toEqual(["closed/closed", "closed/closed", "closed/closed"]);
    expect(monitor.stateOf(list[0]!)).toMatchObject({ successes: 20, failures: 0 });
  });

  test("what was never sent has used nothing of a deployment's minute", () => {
    const { list, monitor } = watched(TWO);
    for (const code of ["BUDGET_EXCEEDED", "UNSUPPORTED", "INVALID_OPTIONS", "MISSING_API_KEY"] as const) attempt(monitor, list[0]!, code);
    expect(monitor.stateOf(list[0]!).requests.total).toBe(0);
  });

  test("gates of places that are forgotten are not kept as open", () => {
    const { list, monitor } = watched(TWO);
    for (let model = 0; model < 2_100; model++) attempt(monitor, { ...list[0]!, id: `x${model}`, state: undefined! }, "MODEL_NOT_FOUND");
    expect(monitor.open.size).toBeLessThanOrEqual(2_000);
  });

  test("the same id at another address, or with another key, is another place", () => {
    const { list, monitor } = watched([
      { model: "openai/gpt-4o", apiKey: "k1" },
      { model: "openai/gpt-4o", apiKey: "k1", provider: { baseURL: "http://127.0.0.1:1/v1" } },
    ]);
    const [here, there] = list as readonly [Deployment, Deployment];
    const renamed = { ...there, id: here.id };
    delete renamed.state;
    attempt(monitor, here, "AUTHENTICATION");
    for (let call = 0; call < 3; call++) attempt(monitor, here, "SERVER");
    expect(statesOf(monitor, [here, renamed])).toEqual(["open/open", "closed/closed"]);
  });
});
