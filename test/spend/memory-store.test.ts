import { storeCases } from "crosspoint/testing";
import { test } from "vitest";
import { memoryStore } from "../../src/spend/memory.ts";

test.each(storeCases)("$name", ({ run }) => run(() => Promise.resolve({ store: memoryStore() })));
