// Compiles src/ with solc-js and writes abi/<Contract>.json; with --check it compares them byte for byte instead.
// What is committed there is what Java deploys, so the file must be exactly what the sources give.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import solc from "solc";

const here = dirname(fileURLToPath(import.meta.url));
const require = createRequire(import.meta.url);
const published = ["AgreementBook", "AthGovernance", "AthToken", "AthVault", "PenaltyBook", "SettlementLog"];
const output = ["abi", "evm.bytecode.object", "evm.deployedBytecode.object", "evm.deployedBytecode.immutableReferences"];

const input = {
  language: "Solidity",
  sources: Object.fromEntries(
    readdirSync(join(here, "src")).sort().map((file) => [`src/${file}`, { content: source(`src/${file}`) }]),
  ),
  // The same settings as foundry.toml. No metadata hash: the bytecode depends on the code alone, not on comments.
  settings: {
    optimizer: { enabled: true, runs: 10_000 },
    evmVersion: "prague",
    metadata: { bytecodeHash: "none", appendCBOR: false },
    outputSelection: { "*": { "*": output } },
  },
};

function source(path) {
  return readFileSync(path.startsWith("src/") ? join(here, path) : require.resolve(path), "utf8");
}

function compile() {
  const result = JSON.parse(solc.compile(JSON.stringify(input), { import: (path) => ({ contents: source(path) }) }));
  const problems = (result.errors ?? []).filter((error) => error.severity !== "info");
  if (problems.length > 0) {
    throw new Error(problems.map((error) => error.formattedMessage).join("\n"));
  }
  return new Map(published.map((name) => [name, artifact(name, result.contracts[`src/${name}.sol`][name])]));
}

/** deployedBytecode has zeros where immutables go; immutables lists those places as [offset, length] in bytes. */
function artifact(name, compiled) {
  const code = compiled.evm.deployedBytecode;
  const places = Object.values(code.immutableReferences ?? {}).flat();
  return JSON.stringify({
    contractName: name,
    abi: compiled.abi,
    bytecode: `0x${compiled.evm.bytecode.object}`,
    deployedBytecode: `0x${code.object}`,
    immutables: places.map(({ start, length }) => [start, length]).sort(([a], [b]) => a - b),
  }, null, 1) + "\n";
}

const check = process.argv.includes("--check");
mkdirSync(join(here, "abi"), { recursive: true });
let stale = readdirSync(join(here, "abi")).filter((file) => !published.includes(file.replace(/\.json$/, "")));
for (const [name, json] of compile()) {
  const file = join(here, "abi", `${name}.json`);
  const size = (JSON.parse(json).deployedBytecode.length - 2) / 2;
  if (size > 24_576) throw new Error(`${name} has ${size} bytes of code; a contract may have 24,576`);
  if (!check) writeFileSync(file, json);
  else if (!existsSync(file) || readFileSync(file, "utf8") !== json) stale.push(`${name}.json`);
  console.log(`${name}: ${size} bytes of code`);
}
if (check && stale.length > 0) {
  console.error(`abi/ is not what src/ compiles to (${stale.join(", ")}): run npm run compile and commit the result`);
  process.exitCode = 1;
}
