// Runs forge from node_modules with the given arguments, offline.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const forge = fileURLToPath(new URL("node_modules/@foundry-rs/forge-linux-amd64/bin/forge", import.meta.url));

/** Exit status of forge; a missing forge is an error, never a pass. */
export function runForge(args, env = {}) {
  if (!existsSync(forge)) {
    console.error("forge is not installed: it needs linux on x64 and Node.js 20 or newer; then npm ci --ignore-scripts");
    return 1;
  }
  const { status, error } = spawnSync(forge, args, {
    cwd: fileURLToPath(new URL(".", import.meta.url)),
    stdio: "inherit",
    env: { ...process.env, FOUNDRY_OFFLINE: "true", ...env },
  });
  if (error) throw error;
  return status ?? 1;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.exitCode = runForge(process.argv.slice(2));
