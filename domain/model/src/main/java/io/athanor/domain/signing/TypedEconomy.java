package io.athanor.domain.signing;

import static io.athanor.domain.hash.Eip712.field;

import io.athanor.domain.common.Ath;
import io.athanor.domain.common.CommandId;
import io.athanor.domain.common.PoolId;
import io.athanor.domain.common.Sha256;
import io.athanor.domain.common.UuidText;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.governance.ProposalId;
import io.athanor.domain.governance.Tally.Choice;
import io.athanor.domain.hash.Eip712;
import io.athanor.domain.hash.Hash32;
import java.math.BigInteger;
import java.time.Instant;
import java.util.Map;

/**
 * The EIP-712 structs of what wallets sign about stake and votes, as {@link TypedCommands} has the others. A pool goes in as its word
 * on chain. Only a wallet signs these, never a session key.
 */
public final class TypedEconomy {
    private static final Eip712.Type DELEGATE = stake("Delegate");
    private static final Eip712.Type UNBOND = stake("Unbond");
    private static final Eip712.Type CLAIM_REWARD = stake("ClaimReward");
    private static final Eip712.Type REDELEGATE = Eip712.Type.of(
            "Redelegate",
            field("pool", "bytes32"),
            field("delegator", "address"),
            field("to", "bytes32"),
            field("amount", "uint256"),
            field("commandId", "bytes32"),
            field("expiresAt", "uint64"));
    private static final Eip712.Type LOCK_STAKE = Eip712.Type.of(
            "LockStake",
            field("pool", "bytes32"),
            field("delegator", "address"),
            field("untilDay", "uint64"),
            field("commandId", "bytes32"),
            field("expiresAt", "uint64"));
    private static final Eip712.Type SET_COMMISSION = Eip712.Type.of(
            "SetCommission",
            field("pool", "bytes32"),
            field("bps", "uint32"),
            field("commandId", "bytes32"),
            field("expiresAt", "uint64"));

    private static final Eip712.Type SUBMIT_PROPOSAL = Eip712.Type.of(
            "SubmitProposal",
            field("proposal", "bytes32"),
            field("proposer", "address"),
            field("title", "string"),
            field("measure", "bytes32"),
            field("commandId", "bytes32"),
            field("expiresAt", "uint64"));
    private static final Eip712.Type CAST_VOTE = Eip712.Type.of(
            "CastVote",
            field("proposal", "bytes32"),
            field("voter", "address"),
            field("choice", "string"),
            field("commandId", "bytes32"),
            field("expiresAt", "uint64"));

    private static final Eip712.Type REPORT_READINESS =
            Eip712.Type.of("ReportReadiness", field("checker", "address"), field("artifact", "bytes32"));

    private static final Eip712.Type NODE_READINESS =
            Eip712.Type.of("NodeReadiness", field("node", "address"), field("artifact", "bytes32"));

    private static final Eip712.Type REGISTER_NODE = Eip712.Type.of(
            "RegisterNode",
            field("guardian", "address"),
            field("node", "address"),
            field("active", "bool"),
            field("commandId", "bytes32"),
            field("expiresAt", "uint64"));

    private static final Eip712.Type PAUSE_NETWORK = Eip712.Type.of(
            "PauseNetwork",
            field("guardian", "address"),
            field("why", "string"),
            field("millis", "uint64"),
            field("commandId", "bytes32"),
            field("expiresAt", "uint64"));

    private static final Eip712.Type COMMIT_CANARIES = Eip712.Type.of(
            "CommitCanaries",
            field("shopper", "address"),
            field("epoch", "uint64"),
            field("commitment", "bytes32"),
            field("commandId", "bytes32"),
            field("expiresAt", "uint64"));
    private static final Eip712.Type OPEN_CANARIES = Eip712.Type.of(
            "OpenCanaries",
            field("shopper", "address"),
            field("plan", "bytes32"),
            field("orders", "bytes32"),
            field("commandId", "bytes32"),
            field("expiresAt", "uint64"));

    private TypedEconomy() {}

    private static Eip712.Type stake(String name) {
        return Eip712.Type.of(
                name,
                field("pool", "bytes32"),
                field("delegator", "address"),
                field("amount", "uint256"),
                field("commandId", "bytes32"),
                field("expiresAt", "uint64"));
    }

    public static Hash32 delegate(PoolId pool, Wallet delegator, Ath amount, CommandId id, Instant expiresAt) {
        return stake(DELEGATE, pool, delegator, amount, id, expiresAt);
    }

    public static Hash32 unbond(PoolId pool, Wallet delegator, Ath amount, CommandId id, Instant expiresAt) {
        return stake(UNBOND, pool, delegator, amount, id, expiresAt);
    }

    public static Hash32 claimReward(PoolId pool, Wallet delegator, Ath amount, CommandId id, Instant expiresAt) {
        return stake(CLAIM_REWARD, pool, delegator, amount, id, expiresAt);
    }

    private static Hash32 stake(
            Eip712.Type type, PoolId pool, Wallet delegator, Ath amount, CommandId id, Instant expiresAt) {
        return type.hashStruct(Map.of(
                "pool", pool.word(),
                "delegator", delegator.address(),
                "amount", amount.wei(),
                "commandId", word(id),
                "expiresAt", millis(expiresAt)));
    }

    public static Hash32 redelegate(
            PoolId pool, Wallet delegator, PoolId to, Ath amount, CommandId id, Instant expiresAt) {
        return REDELEGATE.hashStruct(Map.of(
                "pool", pool.word(),
                "delegator", delegator.address(),
                "to", to.word(),
                "amount", amount.wei(),
                "commandId", word(id),
                "expiresAt", millis(expiresAt)));
    }

    public static Hash32 lockStake(PoolId pool, Wallet delegator, long untilDay, CommandId id, Instant expiresAt) {
        return LOCK_STAKE.hashStruct(Map.of(
                "pool", pool.word(),
                "delegator", delegator.address(),
                "untilDay", BigInteger.valueOf(untilDay),
                "commandId", word(id),
                "expiresAt", millis(expiresAt)));
    }

    public static Hash32 setCommission(PoolId pool, int bps, CommandId id, Instant expiresAt) {
        return SET_COMMISSION.hashStruct(
                Map.of("pool", pool.word(), "bps", (long) bps, "commandId", word(id), "expiresAt", millis(expiresAt)));
    }

    /** @param measure digest of the measure's canonical JSON */
    public static Hash32 submitProposal(
            ProposalId proposal, Wallet proposer, String title, Sha256 measure, CommandId id, Instant expiresAt) {
        return SUBMIT_PROPOSAL.hashStruct(Map.of(
                "proposal", Hash32.of(UuidText.word(proposal.value())),
                "proposer", proposer.address(),
                "title", title,
                "measure", Hash32.parse("0x" + measure.hex()),
                "commandId", word(id),
                "expiresAt", millis(expiresAt)));
    }

    /** A checker's attester: it holds the programs of an upgrade. */
    public static Hash32 reportReadiness(Wallet checker, Sha256 artifact) {
        return REPORT_READINESS.hashStruct(
                Map.of("checker", checker.address(), "artifact", Hash32.parse("0x" + artifact.hex())));
    }

    /** A node of the control plane: it holds the programs of an upgrade. */
    public static Hash32 nodeReadiness(Wallet node, Sha256 artifact) {
        return NODE_READINESS.hashStruct(
                Map.of("node", node.address(), "artifact", Hash32.parse("0x" + artifact.hex())));
    }

    public static Hash32 registerNode(Wallet guardian, Wallet node, boolean active, CommandId id, Instant expiresAt) {
        return REGISTER_NODE.hashStruct(Map.of(
                "guardian", guardian.address(),
                "node", node.address(),
                "active", active,
                "commandId", word(id),
                "expiresAt", millis(expiresAt)));
    }

    public static Hash32 castVote(ProposalId proposal, Wallet voter, Choice choice, CommandId id, Instant expiresAt) {
        return CAST_VOTE.hashStruct(Map.of(
                "proposal", Hash32.of(UuidText.word(proposal.value())),
                "voter", voter.address(),
                "choice", choice.name(),
                "commandId", word(id),
                "expiresAt", millis(expiresAt)));
    }

    public static Hash32 pauseNetwork(Wallet guardian, String why, long millis, CommandId id, Instant expiresAt) {
        return PAUSE_NETWORK.hashStruct(Map.of(
                "guardian", guardian.address(),
                "why", why,
                "millis", BigInteger.valueOf(millis),
                "commandId", word(id),
                "expiresAt", millis(expiresAt)));
    }

    public static Hash32 commitCanaries(
            Wallet shopper, long epoch, Sha256 commitment, CommandId id, Instant expiresAt) {
        return COMMIT_CANARIES.hashStruct(Map.of(
                "shopper", shopper.address(),
                "epoch", BigInteger.valueOf(epoch),
                "commitment", Hash32.parse("0x" + commitment.hex()),
                "commandId", word(id),
                "expiresAt", millis(expiresAt)));
    }

    /** @param plan and {@code orders}: digests of their canonical JSON */
    public static Hash32 openCanaries(Wallet shopper, Sha256 plan, Sha256 orders, CommandId id, Instant expiresAt) {
        return OPEN_CANARIES.hashStruct(Map.of(
                "shopper", shopper.address(),
                "plan", Hash32.parse("0x" + plan.hex()),
                "orders", Hash32.parse("0x" + orders.hex()),
                "commandId", word(id),
                "expiresAt", millis(expiresAt)));
    }

    private static Hash32 word(CommandId id) {
        return Hash32.of(UuidText.word(id.value()));
    }

    private static BigInteger millis(Instant at) {
        return BigInteger.valueOf(at.toEpochMilli());
    }
}
