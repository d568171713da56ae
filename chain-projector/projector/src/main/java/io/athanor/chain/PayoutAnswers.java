package io.athanor.chain;

import io.athanor.chain.MessageTables.State;
import io.athanor.chain.PayoutTables.Asked;
import io.athanor.chain.PayoutTables.Leaf;
import io.athanor.chain.PayoutTables.PayoutRow;
import io.athanor.contracts.Deployment;
import io.athanor.domain.common.PoolId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.hash.MerkleTree;
import io.athanor.domain.port.Payouts;
import io.athanor.domain.view.WithdrawalView;
import io.athanor.domain.view.WithdrawalView.Claim;
import io.athanor.domain.wire.CheckerProtocol.CosignKind;
import java.util.List;
import java.util.Optional;

/** What an account may claim, with the proof, from the newest root that the log holds. */
final class PayoutAnswers implements Payouts {
    private final Tables tables;
    private final Deployment contracts;

    PayoutAnswers(Tables tables, Deployment contracts) {
        this.tables = tables;
        this.contracts = contracts;
    }

    @Override
    public WithdrawalView of(Wallet wallet) {
        Asked asked = tables.payouts().asked(wallet);
        Claim claim = tables.payouts()
                .newest()
                .flatMap(row -> claim(row, wallet.address()))
                .orElse(null);
        return new WithdrawalView(wallet, asked.requested(), asked.paid(), claim);
    }

    @Override
    public Optional<Claim> release(PoolId pool) {
        return tables.payouts().newest().flatMap(row -> claim(row, pool.toString()));
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
