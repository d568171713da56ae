package io.athanor.query.view;

import io.athanor.domain.attestation.Consistency;
import io.athanor.domain.attestation.RoundEvent.RoundFinalized;
import io.athanor.domain.checker.Checker;
import io.athanor.domain.checker.CheckerEvent;
import io.athanor.domain.checker.CheckerEvent.AttesterAuthorised;
import io.athanor.domain.checker.CheckerEvent.CheckerActivated;
import io.athanor.domain.checker.CheckerEvent.CheckerJailed;
import io.athanor.domain.checker.CheckerEvent.CheckerRegistered;
import io.athanor.domain.checker.CheckerEvent.CheckerReleased;
import io.athanor.domain.checker.CheckerEvent.CheckerTombstoned;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Event;
import io.athanor.domain.common.PoolId;
import io.athanor.domain.common.Region;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.provider.Provider;
import io.athanor.domain.provider.ProviderEvent;
import io.athanor.domain.provider.ProviderEvent.ProviderRegistered;
import io.athanor.domain.provider.Suspension;
import io.athanor.domain.stake.StakePoolEvent;
import io.athanor.domain.stake.StakePoolEvent.PoolSlashed;
import io.athanor.domain.stake.StakePoolEvent.StakeBonded;
import io.athanor.domain.stake.StakePoolEvent.StakeDelegated;
import io.athanor.domain.stake.StakePoolEvent.UnbondingStarted;
import io.athanor.query.table.Keys;
import io.athanor.query.table.Rows;
import io.athanor.query.table.Table;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Who takes part: providers, checkers with their record, and stake pools. */
public final class PartyProjection implements Projection {
    private static final Table<ProviderRow> PROVIDER = Table.of("provider", ProviderRow.class, "wallet");
    private static final Table<CheckerRow> CHECKER = Table.of("checker", CheckerRow.class, "wallet");
    private static final Table<PoolRow> POOL = Table.of("pool", PoolRow.class, "id");

    private record ProviderRow(
            Wallet wallet,
            String name,
            String ownerGroup,
            Provider.Standing standing,
            List<Suspension> suspensions,
            Instant registeredAt,
            long asOf) {}

    /** @param attester null between a checker's registration and its key's authorisation */
    private record CheckerRow(
            Wallet wallet,
            @Nullable Wallet attester,
            Checker.Standing standing,
            String ownerGroup,
            String networkGroup,
            Region region,
            String endpoint,
            long roundsCorrect,
            long roundsWrong,
            Instant registeredAt,
            long asOf) {
        CheckerRow with(@Nullable Wallet key, Checker.Standing newStanding, long index) {
            return new CheckerRow(
                    wallet,
                    key,
                    newStanding,
                    ownerGroup,
                    networkGroup,
                    region,
                    endpoint,
                    roundsCorrect,
                    roundsWrong,
                    registeredAt,
                    Math.max(asOf, index));
        }

        CheckerRow counting(long correct, long wrong, long index) {
            return new CheckerRow(
                    wallet,
                    attester,
                    standing,
                    ownerGroup,
                    networkGroup,
                    region,
                    endpoint,
                    roundsCorrect + correct,
                    roundsWrong + wrong,
                    registeredAt,
                    Math.max(asOf, index));
        }
    }

    /** Bonded wei. */
    private record PoolRow(PoolId id, Ath stake, long asOf) {}

    @Override
    public String name() {
        return "parties";
    }

    @Override
    public List<Table<?>> tables() {
        return List.of(PROVIDER, CHECKER, POOL);
    }

    @Override
    public boolean concerns(Class<?> type) {
        return ProviderEvent.class.isAssignableFrom(type)
                || CheckerEvent.class.isAssignableFrom(type)
                || StakePoolEvent.class.isAssignableFrom(type)
                || type == RoundFinalized.class;
    }

    @Override
    public void declare(Event event, Keys keys) {
        switch (event) {
            case ProviderEvent e -> keys.add(PROVIDER, e.provider());
            case CheckerEvent e -> keys.add(CHECKER, e.checker());
            case StakePoolEvent e -> keys.add(POOL, e.pool());
            case RoundFinalized e -> e.consistency().forEach(member -> keys.add(CHECKER, member.checker()));
            default -> throw new IllegalArgumentException("not of this projection: " + event);
        }
    }

    @Override
    public void apply(Fact fact, Rows rows) {
        long index = fact.index();
        switch (fact.readable()) {
            case ProviderRegistered e ->
                rows.put(
                        PROVIDER,
                        new ProviderRow(
                                e.provider(),
                                e.name(),
                                e.ownerGroup(),
                                Provider.Standing.REGISTERED,
                                List.of(),
                                e.at(),
                                index));
            case ProviderEvent e -> provider(rows.get(PROVIDER, e.provider()), e, index, rows);
            case CheckerRegistered e -> rows.put(CHECKER, registered(e, index));
            case AttesterAuthorised e -> {
                CheckerRow row = rows.get(CHECKER, e.checker());
                rows.put(CHECKER, row.with(e.attester(), row.standing(), index));
            }
            case CheckerActivated e -> stands(e.checker(), Checker.Standing.ACTIVE, index, rows);
            case CheckerJailed e -> stands(e.checker(), Checker.Standing.JAILED, index, rows);
            case CheckerReleased e -> stands(e.checker(), Checker.Standing.ACTIVE, index, rows);
            case CheckerTombstoned e -> stands(e.checker(), Checker.Standing.TOMBSTONED, index, rows);
            case StakePoolEvent e -> stake(e, index, rows);
            case RoundFinalized e -> e.consistency().forEach(member -> count(member, index, rows));
            default -> throw new IllegalArgumentException("not of this projection: " + fact.event());
        }
    }

    private static void stands(Wallet checker, Checker.Standing standing, long index, Rows rows) {
        CheckerRow row = rows.get(CHECKER, checker);
        rows.put(CHECKER, row.with(row.attester(), standing, index));
    }

    /** The operator's own active stake; the others' is no part of this row. */
    private static void stake(StakePoolEvent event, long index, Rows rows) {
        PoolRow row = rows.find(POOL, event.pool());
        Ath before = row == null ? Ath.ZERO : row.stake();
        boolean started = event instanceof UnbondingStarted e && isOperator(e.pool(), e.delegator());
        boolean added = event instanceof StakeDelegated e && isOperator(e.pool(), e.delegator());
        Ath after = switch (event) {
            case StakeBonded e -> before.plus(e.amount());
            case StakeDelegated e when added -> before.plus(e.amount());
            case UnbondingStarted e when started -> before.minus(e.amount());
            case PoolSlashed e -> before.minus(e.self());
            default -> before;
        };
        rows.put(POOL, new PoolRow(event.pool(), after, index));
    }

    private static boolean isOperator(PoolId pool, Wallet wallet) {
        return wallet.equals(pool.operator());
    }

    /** By the domain's own fold, over what the row keeps of its state. */
    private static void provider(ProviderRow row, ProviderEvent event, long index, Rows rows) {
        Provider after = new Provider(row.standing(), row.name(), row.ownerGroup(), row.suspensions()).evolve(event);
        rows.put(
                PROVIDER,
                new ProviderRow(
                        row.wallet(),
                        after.name(),
                        after.ownerGroup(),
                        after.standing(),
                        after.suspensions(),
                        row.registeredAt(),
                        index));
    }

    private static CheckerRow registered(CheckerRegistered e, long index) {
        return new CheckerRow(
                e.checker(),
                null,
                Checker.Standing.REGISTERED,
                e.ownerGroup(),
                e.networkGroup(),
                e.region(),
                e.endpoint(),
                0,
                0,
                e.at(),
                index);
    }

    /** A commitment without a reveal counts as wrong; who took no part counts for nothing. */
    private static void count(Consistency member, long index, Rows rows) {
        CheckerRow row = rows.get(CHECKER, member.checker());
        CheckerRow counted = switch (member.mark()) {
            case CORRECT -> row.counting(1, 0, index);
            case WRONG, UNREVEALED -> row.counting(0, 1, index);
            case ABSENT, OUTLIER -> row;
        };
        rows.put(CHECKER, counted);
    }
}
