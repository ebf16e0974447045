import { expect } from "vitest";
import { converse, type Capability } from "../capability.ts";
import { PROVIDERS } from "../harness.ts";

const modelName = (model: string): string => model.slice(model.indexOf("/") + 1);

export const text: Capability = {
  id: "text",
  title: "Text",
  about: "two turns with a system prompt; text beyond ASCII, finish reason, ids and the served model's name arrive",
  forms: ["whole"],
  async check(cell) {
    const { rig, talk } = converse(cell, { system: "Be brief." });
    talk.user("Grüße, 世界 🌍!");
    const first = await talk.send();
    expect(first).toMatchObject({ text: "You said: Grüße, 世界 🌍!", finish: cell.client.finish.stop, calls: [], reasoning: "" });
    expect(first.id).not.toBe("");
    if (cell.client.wire !== "gemini") expect(first.requestId).toMatch(/^call_/);
    expect(first.model).toBe(modelName(PROVIDERS[cell.provider].model));
    talk.user("And now?");
    expect((await talk.send()).text).toBe("You said: And now?");
    const [, second] = await rig.upstream();
    expect(second!.wire).toBe(cell.provider);
    for (const said of ["Be brief.", "Grüße, 世界 🌍!", "You said: Grüße, 世界 🌍!", "And now?"]) expect(second!.request).toContain(said);
  },
};

export const stream: Capability = {
  id: "stream",
  title: "Streamed text",
  about: "the text comes in pieces although the network cuts bytes within characters; a second turn follows",
  forms: ["streamed"],
  async check(cell) {
    const { rig, talk } = converse(cell);
    rig.simulator.script({ text: "Größe zählt nicht. 🌍 Ende", chunks: [3, 6, 5, 4, 2, 6], splitBytes: 7 });
    talk.user("Hello");
    const reply = await talk.send();
    expect(reply).toMatchObject({ text: "Größe zählt nicht. 🌍 Ende", finish: cell.client.finish.stop });
    expect(reply.pieces.join("")).toBe(reply.text);
    expect(reply.pieces.length).toBeGreaterThanOrEqual(5);
    talk.user("Again");
    expect((await talk.send()).text).toBe("You said: Again");
    expect(rig.simulator.open).toBe(0);
  },
};
