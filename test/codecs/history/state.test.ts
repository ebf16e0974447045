import { describe, expect, test } from "vitest";
import { isOpaqueRejection, stripOpaque } from "../../../src/codecs/prepare-history.ts";
import { CrosspointError, type ModelRequest } from "../../../src/ir/index.ts";

describe("isOpaqueRejection", () => {
  const refused = (message: string, status = 400, more: { param?: string; providerCode?: string } = {}): boolean =>
    isOpaqueRejection(new CrosspointError(status === 404 ? "NOT_FOUND" : "BAD_REQUEST", message, { status, ...more }));
  test.each([
    "messages.1.content.0: Invalid `signature` in `thinking` block",
    "messages.3.content.0.thinking.signature: Field required",
    "The encrypted content for item rs_1 could not be verified.",
    "Unable to submit request because Thought signature is not valid.",
    "Corrupted thought_signature in contents[1]",
    "Item 'fc_1' of type 'function_call' was provided without its required 'reasoning' item: 'rs_1'.",
  ])("%s", (message) => expect(refused(message)).toBe(true));

  test("an item that the provider does not know, by message or by code", () => {
    expect(refused("Item with id 'rs_1' not found. Items are not persisted when `store` is set to false.", 404)).toBe(true);
    expect(refused("Bad request", 400, { providerCode: "invalid_encrypted_content" })).toBe(true);
  });

  test.each([
    "messages.1.content.0: `thinking` or `redacted_thinking` blocks in the latest assistant message cannot be modified. Invalid signature in thinking",
    "`max_tokens` must be greater than `thinking.budget_tokens`",
    "Unsupported parameter: 'reasoning.effort' is not supported with this model.",
    "Encrypted content is not supported with this model.",
    "Unknown name \"thoughtSignature\" at 'contents[0].parts[0]': Cannot find field. thought signature",
    "Invalid schema for function 'sign': signature missing",
    "The model `gpt-9` does not exist",
  ])("not: %s", (message) => expect(refused(message)).toBe(false));

  test("not another status", () => expect(refused("Invalid signature in thinking block", 500)).toBe(false));
});

describe("stripOpaque", () => {
  const opaque = [{ family: "openai", kind: "encrypted-content", data: "x" }];
  test("takes all state, item ids and thoughts without words, and keeps every text", () => {
    const request: ModelRequest = {
      model: "m",
      messages: [
        { role: "user", content: "hi" },
        { role: "assistant", content: [{ type: "reasoning", text: "", opaque }] },
        {
          role: "assistant",
          content: [
            { type: "reasoning", text: "hm", opaque, itemId: "rs_1" },
            { type: "text", text: "yes", itemId: "msg_1" },
            { type: "tool-call", id: "a", name: "n", arguments: "{}", opaque },
          ],
        },
      ],
    };
    const stripped = stripOpaque(request);
    expect(stripped.messages).toEqual([
      { role: "user", content: "hi" },
      {
        role: "assistant",
        content: [
          { type: "reasoning", text: "hm" },
          { type: "text", text: "yes" },
          { type: "tool-call", id: "a", name: "n", arguments: "{}" },
        ],
      },
    ]);
    expect(stripped.messages[0]).toBe(request.messages[0]);
    expect(stripOpaque(stripped)).toBe(stripped);
  });
});
