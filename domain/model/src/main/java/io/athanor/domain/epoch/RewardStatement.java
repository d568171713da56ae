package io.athanor.domain.epoch;

import io.athanor.domain.account.EarningLine;
import io.athanor.domain.account.HoldLine;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.PoolId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.hash.Keccak256;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * All money of one epoch, as {@link RewardFormula} computes it. Amounts in wei.
 *
 * <p>Invariant: what clients pay plus what the reserves emit equals what accounts and pools earn plus the protocol
 * fee;
 * {@link #balanced()} says whether it holds, and {@link Epoch} takes no statement for which it does not.
 *
 * @param accounts in wallet order, each once
 * @param pools what delegators get, each pool once: providers' in the order of their machines and tasks, then checkers'
 * @param root digest of {@code accounts} and {@code pools}, stored in the event in place of the lists
 */
public record RewardStatement(
        int formulaVersion,
        Ath clientCost,
        Ath providerEmission,
        Ath checkerEmission,
        Ath protocolFee,
        List<AccountLines> accounts,
        List<PoolPart> pools,
        Hash32 root) {
    private static final byte[] TAG = "athanor.rewards.v1".getBytes(StandardCharsets.UTF_8);

    public RewardStatement {
        accounts = List.copyOf(accounts);
        pools = List.copyOf(pools);
    }

    /** Without delegators. */
    public RewardStatement(
            int formulaVersion,
            Ath clientCost,
            Ath providerEmission,
            Ath checkerEmission,
            Ath protocolFee,
            List<AccountLines> accounts,
            Hash32 root) {
        this(formulaVersion, clientCost, providerEmission, checkerEmission, protocolFee, accounts, List.of(), root);
    }

    /** The delegators' part of one operator's reward, in wei. */
    public record PoolPart(PoolId pool, Ath amount) {}

    /** One account's part. */
    public record AccountLines(Wallet wallet, List<HoldLine> holds, List<EarningLine> earnings) {
        public AccountLines {
            holds = List.copyOf(holds);
            earnings = List.copyOf(earnings);
        }

        /** What its jobs cost. */
        public Ath cost() {
            return Ath.sum(holds.stream().map(HoldLine::cost).toList());
        }

        /** What it earned. */
        public Ath earned() {
            return Ath.sum(earnings.stream().map(EarningLine::amount).toList());
        }

        /** What of it comes from a reserve. */
        public Ath emission() {
            return Ath.sum(earnings.stream()
                    .filter(line -> line.kind().isEmission())
                    .map(EarningLine::amount)
                    .toList());
        }

        private byte[] digest() {
            StringBuilder text = new StringBuilder().append(wallet).append('\n');
            holds.forEach(h -> text.append("hold ")
                    .append(h.task())
                    .append(' ')
                    .append(h.cost())
                    .append(' ')
                    .append(h.release())
                    .append('\n'));
            earnings.forEach(e -> text.append("earn ")
                    .append(e.kind())
                    .append(' ')
                    .append(e.amount())
                    .append(' ')
                    .append(e.source().length())
                    .append(':')
                    .append(e.source())
                    .append('\n'));
            return Keccak256.hash(text.toString().getBytes(StandardCharsets.UTF_8));
        }
    }

    /** {@code keccak(tag, keccak(account's lines)…)} in the list's order. */
    public static Hash32 rootOf(List<AccountLines> accounts) {
        byte[][] parts = new byte[accounts.size() + 1][];
        parts[0] = TAG;
        for (int i = 0; i < accounts.size(); i++) {
            parts[i + 1] = accounts.get(i).digest();
        }
        return Hash32.keccak(parts);
    }

    /** {@code rootOf(accounts)} without pools; else keccak of it and one line a pool. */
    public static Hash32 rootOf(List<AccountLines> accounts, List<PoolPart> pools) {
        Hash32 root = rootOf(accounts);
        if (pools.isEmpty()) {
            return root;
        }
        StringBuilder text = new StringBuilder();
        pools.forEach(part -> text.append("pool ")
                .append(part.pool())
                .append(' ')
                .append(part.amount())
                .append('\n'));
        return Hash32.keccak(root.bytes(), text.toString().getBytes(StandardCharsets.UTF_8));
    }

    /** Whether the money adds up and the root is that of the accounts. */
    public boolean balanced() {
        Ath costs = Ath.sum(accounts.stream().map(AccountLines::cost).toList());
        Ath earned = Ath.sum(accounts.stream().map(AccountLines::earned).toList());
        Ath in = clientCost.plus(providerEmission).plus(checkerEmission);
        Ath shared = Ath.sum(pools.stream().map(PoolPart::amount).toList());
        return costs.equals(clientCost)
                && in.equals(earned.plus(shared).plus(protocolFee))
                && rootOf(accounts, pools).equals(root);
    }
}
