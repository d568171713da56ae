// Test vectors for the leaf encoding, the tree, the chain of heads and the EIP-712 digests, computed here a third time,
// apart from Solidity and Java, so that both are checked against something. --check compares with the committed file.
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import sha3 from "js-sha3";

const file = fileURLToPath(new URL("vectors/settlement.json", import.meta.url));
const hex = (bytes) => `0x${Buffer.from(bytes).toString("hex")}`;
const bytes = (text) => Buffer.from(text.slice(2), "hex");
const keccak = (...parts) => Buffer.from(sha3.keccak256.arrayBuffer(Buffer.concat(parts)));
const text = (value) => keccak(Buffer.from(value, "utf8"));
const word = (value) => {
  const digits = typeof value === "string" && value.startsWith("0x") ? value.slice(2) : BigInt(value).toString(16);
  return Buffer.from(digits.padStart(64, "0"), "hex");
};
const words = (...values) => Buffer.concat(values.map(word));

const leaf = (kind, data) => keccak(Buffer.from([0x00, kind]), data);
const node = (left, right) => keccak(Buffer.from([0x01]), left, right);
const split = (size) => 2 ** Math.floor(Math.log2(size - 1));

function root(hashes) {
  if (hashes.length === 0) return keccak();
  if (hashes.length === 1) return hashes[0];
  const middle = split(hashes.length);
  return node(root(hashes.slice(0, middle)), root(hashes.slice(middle)));
}

/** RFC 6962, section 2.1.1: siblings from the leaf upwards. */
function proof(hashes, index) {
  if (hashes.length === 1) return [];
  const middle = split(hashes.length);
  return index < middle
    ? [...proof(hashes.slice(0, middle), index), root(hashes.slice(middle))]
    : [...proof(hashes.slice(middle), index - middle), root(hashes.slice(0, middle))];
}

const account = (digit) => `0x${digit.repeat(40)}`;
const filler = (number) => hex(text(`athanor test ${number}`));

const caseId = "0199f0f2-0000-8000-8000-000000000003";
const machineId = "0199f0f2-0000-7000-8000-000000000002";
const proposalId = "0199f0f2-0000-7000-8000-000000000004";
const members = root([
  leaf(7, words(account("a"), account("1"), "2")), leaf(7, words(account("b"), account("2"), "3")),
]);

const samples = [
  { name: "jobSettlement", kind: 1, fields: {
    jobKey: filler("job"), client: account("a"), provider: account("b"), cost: "1250000000000000000",
    providerAmount: "1000000000000000000", fee: "250000000000000000", resultDigest: filler("result"), verdict: "1",
    epoch: "42" } },
  { name: "match", kind: 2, fields: {
    jobKey: hex(text("0199f0f2-0000-7000-8000-000000000001.3")),
    job: `0x${"0".repeat(32)}0199f0f2000070008000000000000001`, task: "3", fence: "2",
    machine: `0x${"0".repeat(32)}0199f0f2000070008000000000000002`, provider: account("b"), gpus: "2",
    price: "2000000000000", startBy: "1767225690000", assignedAt: "1767225660000", simulated: "1" } },
  { name: "agreement", kind: 3, fields: {
    jobKey: hex(text("0199f0f2-0000-7000-8000-000000000001.3")), fence: "2", provider: account("b"),
    price: "2000000000000", tierPpm: "990000", startDeadlineMillis: "30000", formulaVersion: "1" } },
  { name: "withdrawal", kind: 4, fields: { account: account("c"), cumulative: "42000000000000000000000000000" } },
  { name: "bondRelease", kind: 5, fields: { pool: `0x${"0".repeat(23)}2${"d".repeat(40)}`, cumulative: "7" } },
  { name: "committee", kind: 6, fields: { round: hex(text("12.liveness.0.0")), members: hex(members), count: "2", seats: "5",
    quorum: "3", until: "1767225660000" } },
  { name: "member", kind: 7, fields: { checker: account("a"), attester: account("1"), seats: "2" } },
  { name: "case", kind: 8, fields: { penaltyCase: hex(text(caseId)), pool: `0x${"0".repeat(23)}1${"d".repeat(40)}`,
    subject: hex(text(machineId)), fact: hex(text("OFFLINE")), most: "5000", since: "1767225000000" } },
  { name: "stay", kind: 9, fields: { penaltyCase: hex(text(caseId)), until: "1767225660000" } },
  { name: "penalty", kind: 10, fields: { penaltyCase: hex(text(caseId)), taken: "77", executedAt: "1767225660001" } },
  { name: "proposal", kind: 11, fields: { proposal: hex(text(proposalId)), measure: "3", version: "0",
    digest: `0x${"ab".repeat(32)}`, effectiveEpoch: "99" } },
  { name: "tally", kind: 12, fields: { proposal: hex(text(proposalId)), power: "100", yes: "60", no: "20", veto: "1",
    abstain: "5", passed: "1", talliedAt: "1767225660000" } },
  { name: "execution", kind: 13, fields: { proposal: hex(text(proposalId)), executedAt: "1767225660000" } },
  { name: "parameters", kind: 14, fields: { version: "7", digest: `0x${"cd".repeat(32)}`, fromEpoch: "8" } },
  { name: "history", kind: 15, fields: { events: "3", lastIndex: "5", root: filler("history") } },
].map((sample) => {
  const data = words(...Object.values(sample.fields));
  return { ...sample, data: hex(data), leaf: hex(leaf(sample.kind, data)) };
});

const trees = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 13, 16, 17, 31].map((size) => {
  const hashes = Array.from({ length: size }, (_, index) => leaf(4, words(index + 1, 1000 + index)));
  return { size, root: hex(root(hashes)), proofs: hashes.map((_, index) => proof(hashes, index).map(hex)) };
});

function heads() {
  let head = Buffer.alloc(32);
  return [1, 2, 3].map((seq) => {
    const previous = head;
    head = keccak(words(hex(previous), seq, trees[seq].root));
    return { seq, previous: hex(previous), root: trees[seq].root, head: hex(head) };
  });
}

const domain = { name: "Athanor", version: "1", chainId: "31337", verifyingContract: account("e") };
const separator = keccak(
  text("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
  text(domain.name), text(domain.version), words(domain.chainId, domain.verifyingContract),
);

function message(primaryType, type, fields, encoded = words(...Object.values(fields))) {
  const structHash = keccak(text(`${primaryType}(${type})`), encoded);
  return { primaryType, type: `${primaryType}(${type})`, fields, structHash: hex(structHash),
    digest: hex(keccak(Buffer.from([0x19, 0x01]), separator, structHash)) };
}

const signers = [account("1"), account("2"), account("3")];
const first = heads()[0];
const messages = [
  message("Batch",
    "uint64 seq,bytes32 previous,bytes32 root,uint32 count,uint256 total,uint64 epoch,uint32 setVersion",
    { seq: "1", previous: first.previous, root: first.root, count: "1", total: "1250000000000000000", epoch: "42",
      setVersion: "1" }),
  message("Checkpoint", "uint64 size,bytes32 root,uint64 seq,uint32 setVersion",
    { size: "1000", root: filler("log"), seq: "1", setVersion: "1" }),
  message("SignerSet", "uint32 version,address[] signers,uint32 quorum",
    { version: "2", signers, quorum: "2" }, Buffer.concat([word("2"), keccak(words(...signers)), word("2")])),
  message("WithdrawalRoot",
    "address vault,uint64 number,bytes32 root,uint32 count,uint256 total,uint64 seq,uint64 epoch,uint32 setVersion",
    { vault: account("f"), number: "1", root: trees[3].root, count: "3", total: "3003", seq: "0", epoch: "95",
      setVersion: "1" }),
];

const pools = [1, 2].map((kind) => ({ kind, operator: account("d"), pool: hex(word(`0x${kind}${"d".repeat(40)}`)) }));
const about = "leaf = keccak256(0x00 || kind || abi.encode(fields)); node = keccak256(0x01 || left || right), split at the "
  + "largest power of two below the size (RFC 6962); head_n = keccak256(abi.encode(head_n-1, seq, root)), head_0 = 0; "
  + "leaf i (from 0) of each tree here is of kind 4 with account = i + 1 and cumulative = 1000 + i";
const vectors = `${JSON.stringify({ about, samples, trees, heads: heads(), domain: { ...domain,
  separator: hex(separator) }, messages, pools }, null, 1)}\n`;

if (!process.argv.includes("--check")) {
  writeFileSync(file, vectors);
} else if (readFileSync(file, "utf8") !== vectors) {
  console.error("vectors/settlement.json is not what vectors.mjs computes: run npm run vectors and commit the result");
  process.exitCode = 1;
}
