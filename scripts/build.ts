/** Builds `dist`: plain `tsc` output, one file for one file. */
import { spawnSync } from "node:child_process";
import { chmodSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
rmSync(`${root}dist`, { recursive: true, force: true });
const { status } = spawnSync("tsc", ["-p", "tsconfig.build.json"], { cwd: root, stdio: "inherit", shell: process.platform === "win32" });
if (status !== 0) process.exit(status ?? 1);
chmodSync(`${root}dist/adapters/gateway/cli/main.js`, 0o755);
