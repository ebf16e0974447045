import { expect } from "vitest";
import { converse, FORECAST, type Capability } from "../capability.ts";
import { FORMS } from "../harness.ts";

export const structuredOutput: Capability = {
  id: "structured-output",
  title: "Structured output",
  about: "the schema reaches the provider, the answer is JSON that fits it",
  forms: FORMS,
  async check(cell) {
    const { rig, talk } = converse(cell, { schema: FORECAST });
    talk.user('A cloudy forecast for "Paris" with 21 degrees.');
    const reply = await talk.send();
    expect(JSON.parse(reply.text)).toEqual({ city: "Paris", degrees: 21, sky: "cloudy" });
    expect(reply).toMatchObject({ finish: cell.client.finish.stop, calls: [] });
    const [sent] = await rig.upstream();
    expect(sent!.request).toContain('"degrees":{"type":"integer"}');
  },
};
