import { expect, test } from "vitest";
import { CrosspointError } from "../../src/index.ts";

test("what an error does not know is absent, so that a log shows only what is known", () => {
  expect(Object.keys(new CrosspointError("SERVER", "broken", { provider: "openai" })).toSorted()).toEqual(
    ["code", "name", "provider", "retryable", "status"].toSorted(),
  );
});
