import { expect, test } from "vitest";
import { loadPeer } from "../../adapters/stores/load-peer.ts";

test("a package that is missing is named with its remedy; one that is broken says why itself", async () => {
  const missing: string = "no-such-package-of-ours";
  await expect(loadPeer("someStore", missing, () => import(missing))).rejects.toMatchObject({
    code: "INVALID_OPTIONS",
    message: `someStore needs the package "${missing}": npm install ${missing}`,
  });
  await expect(loadPeer("someStore", "other", () => import(missing))).rejects.not.toMatchObject({ code: "INVALID_OPTIONS" });
  await expect(loadPeer("someStore", "other", () => Promise.reject(new TypeError("broken")))).rejects.toThrow("broken");
  expect(await loadPeer("someStore", "node:path", () => import("node:path"))).toHaveProperty("join");
});
