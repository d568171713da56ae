package io.athanor.domain.signing;

import static io.athanor.domain.hash.Eip712.field;
import static io.athanor.domain.hash.Eip712.listField;

import io.athanor.domain.account.SessionKey;
import io.athanor.domain.attestation.Finding;
import io.athanor.domain.attestation.Report;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.CaseId;
import io.athanor.domain.common.CommandId;
import io.athanor.domain.common.JobId;
import io.athanor.domain.common.MachineId;
import io.athanor.domain.common.RoundId;
import io.athanor.domain.common.Sha256;
import io.athanor.domain.common.UuidText;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.hash.Eip712;
import io.athanor.domain.hash.Hash32;
import java.math.BigInteger;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * The EIP-712 struct of every signed command, and its struct hash. The domain is {@link SigningDomain}.
 *
 * <p>Invariant: a struct names everything that spends, prices or binds; what is too large to show goes in by digest.
 * Every wallet's struct ends with {@code commandId} and {@code expiresAt} (unix ms), so that a signature counts once.
 */
public final class TypedCommands {
    private static final Eip712.Type SUBMIT_JOB = Eip712.Type.of(
            "SubmitJob",
            field("job", "bytes32"),
            field("client", "address"),
            field("spec", "bytes32"),
            field("tasks", "uint32"),
            field("maxPrice", "uint256"),
            field("cap", "uint256"),
            field("commandId", "bytes32"),
            field("expiresAt", "uint64"));
    private static final Eip712.Type CANCEL_JOB = Eip712.Type.of(
            "CancelJob",
            field("job", "bytes32"),
            field("why", "string"),
            field("commandId", "bytes32"),
            field("expiresAt", "uint64"));
    private static final Eip712.Type TOP_UP_JOB = Eip712.Type.of(
            "TopUpJob",
            field("job", "bytes32"),
            field("cap", "uint256"),
            field("commandId", "bytes32"),
            field("expiresAt", "uint64"));
    private static final Eip712.Type REGISTER_PROVIDER = Eip712.Type.of(
            "RegisterProvider",
            field("provider", "address"),
            field("name", "string"),
            field("ownerGroup", "string"),
            field("commandId", "bytes32"),
            field("expiresAt", "uint64"));
    private static final Eip712.Type AUTHORIZE_AGENT = Eip712.Type.of(
            "AuthorizeAgent",
            field("provider", "address"),
            field("agentKey", "bytes32"),
            field("machine", "bytes32"),
            field("commandId", "bytes32"),
            field("expiresAt", "uint64"));
    private static final Eip712.Type LIST_OFFER = Eip712.Type.of(
            "ListOffer",
            field("machine", "bytes32"),
            field("price", "uint256"),
            field("commandId", "bytes32"),
            field("expiresAt", "uint64"));
    private static final Eip712.Type RETIRE_MACHINE = Eip712.Type.of(
            "RetireMachine", field("machine", "bytes32"), field("commandId", "bytes32"), field("expiresAt", "uint64"));
    private static final Eip712.Type REGISTER_CHECKER = Eip712.Type.of(
            "RegisterChecker",
            field("checker", "address"),
            field("ownerGroup", "string"),
            field("networkGroup", "string"),
            field("region", "string"),
            field("endpoint", "string"),
            field("attester", "address"),
            field("commandId", "bytes32"),
            field("expiresAt", "uint64"));
    private static final Eip712.Type AUTHORIZE_SESSION_KEY = Eip712.Type.of(
            "AuthorizeSessionKey",
            field("wallet", "address"),
            field("key", "address"),
            field("limit", "uint256"),
            field("scopes", "string"),
            field("keyExpiresAt", "uint64"),
            field("commandId", "bytes32"),
            field("expiresAt", "uint64"));
    private static final Eip712.Type REVOKE_SESSION_KEY = Eip712.Type.of(
            "RevokeSessionKey",
            field("wallet", "address"),
            field("key", "address"),
            field("commandId", "bytes32"),
            field("expiresAt", "uint64"));
    private static final Eip712.Type REQUEST_WITHDRAWAL = Eip712.Type.of(
            "RequestWithdrawal",
            field("wallet", "address"),
            field("amount", "uint256"),
            field("commandId", "bytes32"),
            field("expiresAt", "uint64"));
    private static final Eip712.Type FINDING = Eip712.Type.of(
            "Finding",
            field("subject", "string"),
            field("fact", "string"),
            field("digest", "bytes32"),
            field("measure", "uint64"),
            field("rttMicros", "uint64"));
    private static final Eip712.Type REPORT = Eip712.Type.of(
            "Report",
            field("round", "string"),
            field("checker", "address"),
            listField("findings", FINDING),
            field("evidence", "bytes32"));
    private static final Eip712.Type COMMIT = Eip712.Type.of(
            "Commit", field("round", "string"), field("checker", "address"), field("commitment", "bytes32"));

    private static final Eip712.Type LODGE_APPEAL = Eip712.Type.of(
            "LodgeAppeal",
            field("penaltyCase", "bytes32"),
            field("bond", "uint256"),
            field("why", "string"),
            field("commandId", "bytes32"),
            field("expiresAt", "uint64"));
    private static final Eip712.Type DISPUTE_JOB = Eip712.Type.of(
            "DisputeJob",
            field("penaltyCase", "bytes32"),
            field("deposit", "uint256"),
            field("why", "string"),
            field("commandId", "bytes32"),
            field("expiresAt", "uint64"));
    private static final Eip712.Type REPORT_EQUIVOCATION = Eip712.Type.of(
            "ReportEquivocation",
            field("penaltyCase", "bytes32"),
            field("one", "bytes32"),
            field("other", "bytes32"),
            field("commandId", "bytes32"),
            field("expiresAt", "uint64"));

    private TypedCommands() {}

    public static Hash32 lodgeAppeal(CaseId penaltyCase, Ath bond, String why, CommandId id, Instant expiresAt) {
        return LODGE_APPEAL.hashStruct(Map.of(
                "penaltyCase", word(penaltyCase.value()),
                "bond", bond.wei(),
                "why", why,
                "commandId", word(id.value()),
                "expiresAt", millis(expiresAt)));
    }

    /** @param penaltyCase names the lease that is disputed */
    public static Hash32 disputeJob(CaseId penaltyCase, Ath deposit, String why, CommandId id, Instant expiresAt) {
        return DISPUTE_JOB.hashStruct(Map.of(
                "penaltyCase", word(penaltyCase.value()),
                "deposit", deposit.wei(),
                "why", why,
                "commandId", word(id.value()),
                "expiresAt", millis(expiresAt)));
    }

    /** @param one and {@code other} are the reports that contradict each other */
    public static Hash32 reportEquivocation(
            CaseId penaltyCase, Report one, Report other, CommandId id, Instant expiresAt) {
        return REPORT_EQUIVOCATION.hashStruct(Map.of(
                "penaltyCase", word(penaltyCase.value()),
                "one", reportStruct(one),
                "other", reportStruct(other),
                "commandId", word(id.value()),
                "expiresAt", millis(expiresAt)));
    }

    /** @param spec digest of the specification's canonical JSON */
    public static Hash32 submitJob(
            JobId job, Wallet client, Sha256 spec, int tasks, Ath maxPrice, Ath cap, CommandId id, Instant expiresAt) {
        return SUBMIT_JOB.hashStruct(Map.of(
                "job", word(job.value()),
                "client", client.address(),
                "spec", Hash32.parse("0x" + spec.hex()),
                "tasks", (long) tasks,
                "maxPrice", maxPrice.wei(),
                "cap", cap.wei(),
                "commandId", word(id.value()),
                "expiresAt", millis(expiresAt)));
    }

    public static Hash32 cancelJob(JobId job, String why, CommandId id, Instant expiresAt) {
        return CANCEL_JOB.hashStruct(Map.of(
                "job", word(job.value()), "why", why, "commandId", word(id.value()), "expiresAt", millis(expiresAt)));
    }

    /** @param cap what the whole job may cost from now on */
    public static Hash32 topUpJob(JobId job, Ath cap, CommandId id, Instant expiresAt) {
        return TOP_UP_JOB.hashStruct(Map.of(
                "job",
                word(job.value()),
                "cap",
                cap.wei(),
                "commandId",
                word(id.value()),
                "expiresAt",
                millis(expiresAt)));
    }

    public static Hash32 registerProvider(
            Wallet provider, String name, String ownerGroup, CommandId id, Instant expiresAt) {
        return REGISTER_PROVIDER.hashStruct(Map.of(
                "provider", provider.address(),
                "name", name,
                "ownerGroup", ownerGroup,
                "commandId", word(id.value()),
                "expiresAt", millis(expiresAt)));
    }

    /** @param agentKey the device's Ed25519 public key, 0x hex of 32 bytes */
    public static Hash32 authorizeAgent(
            Wallet provider, String agentKey, MachineId machine, CommandId id, Instant expiresAt) {
        return AUTHORIZE_AGENT.hashStruct(Map.of(
                "provider", provider.address(),
                "agentKey", Hash32.parse(agentKey),
                "machine", word(machine.value()),
                "commandId", word(id.value()),
                "expiresAt", millis(expiresAt)));
    }

    /** @param price per GPU-second, in wei */
    public static Hash32 listOffer(MachineId machine, Ath price, CommandId id, Instant expiresAt) {
        return LIST_OFFER.hashStruct(Map.of(
                "machine", word(machine.value()),
                "price", price.wei(),
                "commandId", word(id.value()),
                "expiresAt", millis(expiresAt)));
    }

    public static Hash32 retireMachine(MachineId machine, CommandId id, Instant expiresAt) {
        return RETIRE_MACHINE.hashStruct(Map.of(
                "machine", word(machine.value()), "commandId", word(id.value()), "expiresAt", millis(expiresAt)));
    }

    public static Hash32 registerChecker(
            Wallet checker,
            String ownerGroup,
            String networkGroup,
            String region,
            String endpoint,
            Wallet attester,
            CommandId id,
            Instant expiresAt) {
        return REGISTER_CHECKER.hashStruct(Map.of(
                "checker",
                checker.address(),
                "ownerGroup",
                ownerGroup,
                "networkGroup",
                networkGroup,
                "region",
                region,
                "endpoint",
                endpoint,
                "attester",
                attester.address(),
                "commandId",
                word(id.value()),
                "expiresAt",
                millis(expiresAt)));
    }

    public static Hash32 authorizeSessionKey(Wallet wallet, SessionKey key, CommandId id, Instant expiresAt) {
        return AUTHORIZE_SESSION_KEY.hashStruct(Map.of(
                "wallet", wallet.address(),
                "key", key.key().address(),
                "limit", key.limit().wei(),
                "scopes",
                        String.join(
                                ",",
                                new TreeSet<>(
                                        key.scopes().stream().map(Enum::name).toList())),
                "keyExpiresAt", millis(key.expiresAt()),
                "commandId", word(id.value()),
                "expiresAt", millis(expiresAt)));
    }

    public static Hash32 revokeSessionKey(Wallet wallet, Wallet key, CommandId id, Instant expiresAt) {
        return REVOKE_SESSION_KEY.hashStruct(Map.of(
                "wallet", wallet.address(),
                "key", key.address(),
                "commandId", word(id.value()),
                "expiresAt", millis(expiresAt)));
    }

    public static Hash32 requestWithdrawal(Wallet wallet, Ath amount, CommandId id, Instant expiresAt) {
        return REQUEST_WITHDRAWAL.hashStruct(Map.of(
                "wallet", wallet.address(),
                "amount", amount.wei(),
                "commandId", word(id.value()),
                "expiresAt", millis(expiresAt)));
    }

    /** The report's struct hash: what is committed to and what its attester signs. */
    public static Hash32 reportStruct(Report report) {
        List<Map<String, Object>> findings =
                report.findings().stream().map(TypedCommands::finding).toList();
        return REPORT.hashStruct(Map.of(
                "round", report.round().toString(),
                "checker", report.checker().address(),
                "findings", findings,
                "evidence", Hash32.parse("0x" + report.evidence().hex())));
    }

    /** A finding's struct hash, as it is hashed into its report. */
    public static Hash32 findingStruct(Finding finding) {
        return FINDING.hashStruct(finding(finding));
    }

    private static Map<String, Object> finding(Finding finding) {
        return Map.of(
                "subject", finding.subject(),
                "fact", finding.fact().name(),
                "digest", finding.digest(),
                "measure", BigInteger.valueOf(finding.measure()),
                "rttMicros", BigInteger.valueOf(finding.rttMicros()));
    }

    public static Hash32 commit(RoundId round, Wallet checker, Hash32 commitment) {
        return COMMIT.hashStruct(
                Map.of("round", round.toString(), "checker", checker.address(), "commitment", commitment));
    }

    private static Hash32 word(java.util.UUID id) {
        return Hash32.of(UuidText.word(id));
    }

    private static BigInteger millis(Instant at) {
        return BigInteger.valueOf(at.toEpochMilli());
    }
}
