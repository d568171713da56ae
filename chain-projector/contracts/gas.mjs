// Measures the gas of the main transactions into gas/Contracts.json; with --check it fails where they differ from it.
import { runForge } from "./forge.mjs";

const check = process.argv.includes("--check");
process.exitCode = runForge(["test", "--match-contract", "GasTest"], {
  // Each call becomes a transaction of its own, so that call data and the base fee count.
  FOUNDRY_ISOLATE: "true",
  FORGE_SNAPSHOT_CHECK: String(check),
  FORGE_SNAPSHOT_EMIT: String(!check),
});
