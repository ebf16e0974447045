import { expect } from "vitest";
import { converse, DOCUMENT, PIXEL, seen, type Capability } from "../capability.ts";
import { FORMS } from "../harness.ts";

export const imageInput: Capability = {
  id: "image",
  title: "Image in",
  about: "type and bytes reach the provider",
  forms: FORMS,
  async check(cell) {
    const { talk } = converse(cell);
    talk.user("What is this?", PIXEL);
    expect((await talk.send()).text).toBe(`You said: What is this? ${seen(PIXEL)}`);
  },
};

export const pdfInput: Capability = {
  id: "pdf",
  title: "PDF in",
  about: "type and bytes reach the provider",
  forms: FORMS,
  async check(cell) {
    const { talk } = converse(cell);
    talk.user("What does it say?", DOCUMENT);
    expect((await talk.send()).text).toBe(`You said: What does it say? ${seen(DOCUMENT)}`);
  },
};
