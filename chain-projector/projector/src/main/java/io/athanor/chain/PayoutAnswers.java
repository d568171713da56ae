package io.athanor.chain;

import io.athanor.chain.MessageTables.State;
import io.athanor.chain.PayoutTables.Asked;
import io.athanor.chain.PayoutTables.Leaf;
import io.athanor.chain.PayoutTables.PayoutRow;
import io.athanor.contracts.Deployment;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.PoolId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.hash.MerkleTree;
import io.athanor.domain.port.Payouts;
import io.athanor.domain.view.WithdrawalView;
import io.athanor.domain.view.WithdrawalView.Claim;
import io.athanor.domain.wire.CheckerProtocol.CosignKind;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** What an account may claim, with the proof, from the newest root that the log holds. */
final class PayoutAnswers implements Payouts {
    private final Tables tables;
    private final Deployment contracts;
    private final InstantSource clock;

    PayoutAnswers(Tables tables, Deployment contracts, InstantSource clock) {
        this.tables = tables;
        this.contracts = contracts;
        this.clock = clock;
    }

    @Override
    public WithdrawalView of(Wallet wallet) {
        Asked asked = tables.payouts().asked(wallet);
        Claim claim = claim(wallet.address(), asked.paid()).orElse(null);
        return new WithdrawalView(
                wallet, asked.requested(), asked.paid(), tables.payouts().isRelayed(wallet), claim);
    }

    @Override
    public void relay(Wallet wallet, boolean relayed) {
        tables.payouts().relay(wallet, relayed);
    }

    @Override
    public Optional<Claim> release(PoolId pool) {
        return claim(pool.toString(), tables.bonds().releasedOnChain(pool));
    }

    /** A newer root waits a day for its activation and would hide, day after day, the one that pays now. */
    private Optional<Claim> claim(String holder, Ath taken) {
        return tables.payouts()
                .newestActive(clock.instant())
                .flatMap(row -> claim(row, holder))
                .filter(claim -> !taken.covers(claim.cumulative()))
                .or(() -> tables.payouts().newest().flatMap(row -> claim(row, holder)));
    }

    private Optional<Claim> claim(PayoutRow row, String holder) {
        List<Leaf> leaves = tables.payouts().leaves(row.payout().number());
        return leaves.stream()
                .filter(leaf -> leaf.holder().equals(holder))
                .findFirst()
                .map(leaf -> claim(row, leaves, leaf));
    }

    private Claim claim(PayoutRow row, List<Leaf> leaves, Leaf leaf) {
        MerkleTree tree = MerkleTree.of(leaves.stream().map(Leaf::bytes).toList());
        return new Claim(
                contracts.vault(),
                row.payout().number(),
                leaf.position(),
                tree.size(),
                tree.root(),
                leaf.cumulative(),
                tree.inclusionProof(leaf.position()),
                state(row),
                row.activeAt(),
                row.lateAt());
    }

    private String state(PayoutRow row) {
        if (row.disabled()) {
            return "DISABLED";
        }
        if (row.activeAt() != null) {
            return "FINAL";
        }
        boolean posted = tables.messages()
                .find(CosignKind.PAYOUT, row.payout().number())
                .filter(message -> message.state().compareTo(State.SENT) >= 0)
                .isPresent();
        return posted ? "POSTED" : "COLLECTING";
    }
}
