package io.athanor.domain.epoch;

import io.athanor.domain.account.Basis;
import io.athanor.domain.account.EarningLine;
import io.athanor.domain.account.HoldLine;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.PoolId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.epoch.EpochFacts.AssessedTask;
import io.athanor.domain.epoch.RewardStatement.AccountLines;
import io.athanor.domain.epoch.RewardStatement.PoolPart;
import io.athanor.domain.job.Assessment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Gathers an epoch's lines by account. Lines of nothing are left out unless they say
 * what was withheld; a hold's line never is, since it releases. */
final class StatementBuilder {
    /** Sorted once in the end: an epoch has many more lines than accounts. */
    private final Map<Wallet, Lines> accounts = new HashMap<>();

    private final Map<PoolId, Ath> pools = new LinkedHashMap<>();
    private final @Nullable Consumer<RewardTerm> terms;
    private final boolean stated;
    private Ath clientCost = Ath.ZERO;
    private Ath protocolFee = Ath.ZERO;

    /**
     * @param terms is told of each term; null where nobody asks
     * @param stated whether lines of emission have their basis
     */
    StatementBuilder(@Nullable Consumer<RewardTerm> terms, boolean stated) {
        this.terms = terms;
        this.stated = stated;
    }

    /** A line of emission. */
    EarningLine line(EarningLine.Kind kind, String source, Ath amount, Basis basis) {
        return new EarningLine(kind, source, amount, stated ? basis : null);
    }

    /** A term of emission that is shared with the wallet's delegators. */
    void emit(Wallet wallet, PoolId pool, EarningLine line, Basis basis, Ath shared) {
        earn(wallet, line);
        share(pool, shared);
        if (terms != null) {
            terms.accept(new RewardTerm(
                    wallet, line.kind(), line.source(), basis, line.amount().plus(shared), shared));
        }
    }

    /** The client's part of a task's hold, and the host's fee. */
    void book(AssessedTask task) {
        Assessment a = task.assessment();
        of(task.client()).holds.add(new HoldLine(task.task(), a.cost(), a.release()));
        clientCost = clientCost.plus(a.cost());
        protocolFee = protocolFee.plus(a.protocolFee());
        Wallet provider = task.provider();
        if (provider != null) {
            earn(
                    provider,
                    new EarningLine(EarningLine.Kind.HOST_FEE, task.task().toString(), a.providerAmount()));
        } else if (!a.providerAmount().isZero()) {
            throw new IllegalArgumentException(task.task() + " pays a provider and has none");
        }
    }

    private void earn(Wallet wallet, EarningLine line) {
        Basis basis = line.basis();
        if (!line.amount().isZero() || (basis != null && basis.withheld() != null)) {
            of(wallet).earnings.add(line);
        }
    }

    /** The delegators' part of an operator's reward. */
    private void share(PoolId pool, Ath amount) {
        if (!amount.isZero()) {
            pools.merge(pool, amount, Ath::plus);
        }
    }

    boolean isShared() {
        return !pools.isEmpty();
    }

    private Lines of(Wallet wallet) {
        return accounts.computeIfAbsent(wallet, w -> new Lines());
    }

    RewardStatement build(int formulaVersion, Ath providerEmission, Ath checkerEmission) {
        List<AccountLines> lines = new ArrayList<>(accounts.size());
        accounts.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(entry ->
                        lines.add(new AccountLines(entry.getKey(), entry.getValue().holds, entry.getValue().earnings)));
        List<PoolPart> parts = new ArrayList<>(pools.size());
        pools.forEach((pool, amount) -> parts.add(new PoolPart(pool, amount)));
        return new RewardStatement(
                formulaVersion,
                clientCost,
                providerEmission,
                checkerEmission,
                protocolFee,
                lines,
                parts,
                RewardStatement.rootOf(lines, parts));
    }

    /** One account's lines while they are gathered. */
    private static final class Lines {
        private final List<HoldLine> holds = new ArrayList<>();
        private final List<EarningLine> earnings = new ArrayList<>();
    }
}
