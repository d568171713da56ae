package io.athanor.chain;

import io.athanor.chain.PayoutTables.Leaf;
import io.athanor.chain.PayoutTables.PayoutRow;
import io.athanor.contracts.ChainFault;
import io.athanor.contracts.Contracts;
import io.athanor.contracts.Deployment;
import io.athanor.contracts.KeySender;
import io.athanor.contracts.wrapper.AthVault;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.PoolId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.hash.MerkleTree;
import io.athanor.domain.wire.CheckerProtocol.CosignKind;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends what anybody may send, so that nobody has to: penalties that are proven, bonds that an active root releases, and
 * claims of accounts that asked for it.
 *
 * <p>Nothing here has to happen exactly once: the contracts take a case once, and of a bond or an
 * account what exceeds what was released or paid.
 * So it sends with a key of its own, whose nonces nobody counts, looks at what final blocks say, and tries again.
 */
final class Relay {
    private static final Logger LOG = LoggerFactory.getLogger(Relay.class);
    private static final Duration AGAIN_AFTER = Duration.ofSeconds(60);
    private static final int TRIED_MOST = 1_000;
    /** What is owed must be worth its gas: anybody can ask for this. */
    private static final Ath LEAST_CLAIM = Ath.ofWhole(1);

    private final ChainNode node;
    private final Tables tables;
    private final Deployment contracts;
    private final PenaltyEvidence evidence;
    private final Optional<KeySender> sender;
    private final InstantSource clock;
    private final Map<String, Instant> tried = new HashMap<>();

    /** @param sender who pays; without one nothing is relayed */
    Relay(
            ChainNode node,
            Tables tables,
            Deployment contracts,
            PenaltyEvidence evidence,
            Optional<KeySender> sender,
            InstantSource clock) {
        this.node = node;
        this.tables = tables;
        this.contracts = contracts;
        this.evidence = evidence;
        this.sender = sender;
        this.clock = clock;
    }

    /** Sends what is due and was not sent lately. */
    void tick() {
        sender.ifPresent(key -> {
            penalties(key);
            payouts(key);
        });
    }

    private void penalties(KeySender key) {
        long size = anchored();
        for (RecordTables.Row penalty : tables.records().openPenalties(size)) {
            once(
                    key,
                    "the penalty of case " + penalty.subject(),
                    contracts.penalties(),
                    () -> evidence.call(penalty, size));
        }
    }

    /** The size of the newest state of the log of records that is final on chain. */
    private long anchored() {
        return tables.messages()
                .newestFinal(CosignKind.RECORDS)
                .flatMap(tables.records()::checkpoint)
                .map(checkpoint -> checkpoint.size())
                .orElse(0L);
    }

    private void payouts(KeySender key) {
        tables.payouts().newestActive(node.latest().time()).ifPresent(row -> {
            List<Leaf> leaves = tables.payouts().leaves(row.payout().number());
            leaves.stream().filter(this::isDue).forEach(leaf -> offer(key, "the bond of ", row, leaves, leaf));
            tables.payouts()
                    .relayedClaims(row.payout().number(), LEAST_CLAIM)
                    .forEach(leaf -> offer(key, "the claim of ", row, leaves, leaf));
        });
    }

    private boolean isDue(Leaf leaf) {
        return leaf.ofPool()
                && !tables.bonds().releasedOnChain(PoolId.parse(leaf.holder())).covers(leaf.cumulative());
    }

    private void offer(KeySender key, String what, PayoutRow row, List<Leaf> leaves, Leaf leaf) {
        once(
                key,
                what + leaf.holder() + " in root " + row.payout().number(),
                contracts.vault(),
                () -> Optional.of(call(row.payout().number(), leaves, leaf)));
    }

    private String call(long root, List<Leaf> leaves, Leaf leaf) {
        MerkleTree tree = MerkleTree.of(leaves.stream().map(Leaf::bytes).toList());
        AthVault vault = Contracts.vault(contracts.vault(), sender.orElseThrow().web3j());
        BigInteger number = BigInteger.valueOf(root);
        BigInteger position = BigInteger.valueOf(leaf.position());
        BigInteger cumulative = leaf.cumulative().wei();
        List<byte[]> proof =
                tree.inclusionProof(leaf.position()).stream().map(Hash32::bytes).toList();
        return leaf.ofPool()
                ? vault.releaseBond(
                                number,
                                position,
                                PoolId.parse(leaf.holder()).word().bytes(),
                                cumulative,
                                proof)
                        .encodeFunctionCall()
                : vault.claim(number, position, leaf.holder(), cumulative, proof)
                        .encodeFunctionCall();
    }

    /** A refusal is no fault here: somebody else may have sent it, or it is not due by the chain's clock. */
    private void once(KeySender key, String what, Wallet contract, Supplier<Optional<String>> call) {
        Instant now = clock.instant();
        Instant last = tried.get(what);
        if (last != null && now.isBefore(last.plus(AGAIN_AFTER))) {
            return;
        }
        if (tried.size() >= TRIED_MOST) {
            tried.clear();
        }
        tried.put(what, now);
        try {
            call.get().ifPresent(data -> {
                key.offer(contract, data);
                LOG.info("{} was sent to the contract", what);
            });
        } catch (ChainFault e) {
            LOG.info("{} is not taken now: {}", what, e.getMessage());
        }
    }
}
