import { describe, expect, test } from "vitest";
import { createCrosspoint, type TelemetryOptions } from "../../src/index.ts";

describe("options", () => {
  test.each([
    [{ presets: ["nothing"] }, "telemetry.presets"],
    [{ presets: "langfuse,openinference" }, "telemetry.presets"],
    [{ semconv: ["1.41"] }, "telemetry.semconv"],
    [{ semconv: "2" }, "telemetry.semconv"],
    [{ nesting: "all" }, "telemetry.nesting"],
    [{ captureContent: true }, "telemetry.captureContent"],
    [{ chunkMetric: "true" }, "telemetry.chunkMetric"],
    [{ capture: "none" }, "telemetry.capture"],
    [{ constructor: "none" }, "telemetry.constructor"],
  ])("%j is refused", (telemetry, param) => {
    expect(() => createCrosspoint({ telemetry: telemetry as unknown as TelemetryOptions })).toThrow(
      expect.objectContaining({ code: "INVALID_OPTIONS", param }),
    );
  });

  test("what is meant is taken", () => {
    createCrosspoint({ telemetry: false });
    createCrosspoint({
      telemetry: { presets: ["langfuse", () => ({})], semconv: "both", nesting: "off", captureContent: "span+event", chunkMetric: true },
    });
  });
});
