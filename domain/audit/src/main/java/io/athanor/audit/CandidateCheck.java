package io.athanor.audit;

import io.athanor.domain.attestation.Candidate;
import io.athanor.domain.attestation.Interests;
import io.athanor.domain.checker.Checker;
import io.athanor.domain.checker.CheckerEvent;
import io.athanor.domain.checker.CheckerEvent.CheckerRegistered;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Event;
import io.athanor.domain.common.PoolId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.epoch.EpochEvent.EpochOpened;
import io.athanor.domain.provider.Provider;
import io.athanor.domain.provider.ProviderEvent.ProviderRegistered;
import io.athanor.domain.stake.StakePool;
import io.athanor.domain.stake.StakePoolEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Makes the list of those who may be drawn again, from the licences and bonds of the history, for each epoch that opens:
 * nobody invented, nobody left out, nobody with another stake or group.
 *
 * <p>Who opened the epoch asked for the list a moment before: a checker may stand in it as it stood at any time in the
 * last {@link #ASKED_BEFORE}.
 */
final class CandidateCheck implements Check {
    /** A list is asked for, and its epoch opened, within this. */
    static final Duration ASKED_BEFORE = Duration.ofSeconds(30);

    private final Map<Wallet, List<Stand>> changed = new HashMap<>();

    /** As what a checker could be drawn until an instant; null while it could not be. */
    private record Stand(@Nullable Candidate candidate, Instant until) {}

    @Override
    public void look(World before, Event event, Consumer<String> problem) {
        switch (event) {
            case CheckerEvent e -> keep(before, e.checker(), e.at());
            case StakePoolEvent e -> {
                if (e.pool().kind() == PoolId.Kind.CHECKER) {
                    keep(before, e.pool().operator(), e.at());
                } else {
                    holders(before, e).forEach(checker -> keep(before, checker, e.at()));
                }
            }
            case ProviderRegistered e ->
                before.checkers.keySet().stream()
                        .filter(checker -> holds(before, e.provider(), checker))
                        .forEach(checker -> keep(before, checker, e.at()));
            case EpochOpened e -> frozen(before, e, problem);
            default -> {
                // Changes nobody's licence or bond.
            }
        }
    }

    private static boolean holds(World before, Wallet provider, Wallet checker) {
        StakePool pool = before.pools.getOrDefault(PoolId.ofChecker(checker), StakePool.EMPTY);
        return pool.delegation(provider) != null;
    }

    /** The checkers whose part of a provider's pool may change. */
    private static List<Wallet> holders(World before, StakePoolEvent event) {
        StakePool pool = before.pools.getOrDefault(event.pool(), StakePool.EMPTY);
        Wallet delegator = switch (event) {
            case StakePoolEvent.StakeDelegated e -> e.delegator();
            case StakePoolEvent.RedelegationReceived e -> e.delegator();
            default -> null;
        };
        return before.checkers.keySet().stream()
                .filter(checker -> checker.equals(delegator) || pool.delegation(checker) != null)
                .toList();
    }

    /** How a checker stood until the event that is about to change it. */
    private void keep(World before, Wallet checker, Instant at) {
        List<Stand> stands = changed.computeIfAbsent(checker, wallet -> new ArrayList<>());
        stands.removeIf(stand -> stand.until().isBefore(at.minus(ASKED_BEFORE)));
        stands.add(new Stand(candidate(before, checker), at));
    }

    private void frozen(World before, EpochOpened e, Consumer<String> problem) {
        Map<Wallet, Candidate> listed = e.eligible().stream()
                .collect(Collectors.toMap(Candidate::checker, candidate -> candidate, (one, other) -> other));
        if (listed.size() != e.eligible().size()) {
            problem.accept("a candidate is listed twice");
        }
        Set<Wallet> all = new TreeSet<>(before.checkers.keySet());
        all.addAll(listed.keySet());
        for (Wallet checker : all) {
            Candidate given = listed.get(checker);
            if (!stood(before, checker, e.at()).contains(Optional.ofNullable(given))) {
                problem.accept(
                        given == null
                                ? "candidate " + checker + " is left out"
                                : "candidate " + checker + " is not what its licence and its bond say");
            }
        }
    }

    private List<Optional<Candidate>> stood(World before, Wallet checker, Instant at) {
        List<Optional<Candidate>> stood = new ArrayList<>();
        stood.add(Optional.ofNullable(candidate(before, checker)));
        for (Stand stand : changed.getOrDefault(checker, List.of())) {
            if (!stand.until().isBefore(at.minus(ASKED_BEFORE))) {
                stood.add(Optional.ofNullable(stand.candidate()));
            }
        }
        return stood;
    }

    private static @Nullable Candidate candidate(World world, Wallet wallet) {
        Checker checker = world.checkers.get(wallet);
        StakePool pool = world.pools.get(PoolId.ofChecker(wallet));
        CheckerRegistered registration = checker == null ? null : checker.registration();
        Wallet attester = checker == null ? null : checker.attester();
        if (checker == null || registration == null || attester == null || pool == null) {
            return null;
        }
        Ath unit = world.protocol.current().parameters().stake().checkerUnit();
        return checker.standing() == Checker.Standing.ACTIVE && pool.selfBond().covers(unit)
                ? new Candidate(
                        wallet,
                        attester,
                        registration.ownerGroup(),
                        registration.networkGroup(),
                        pool.selfBond(),
                        interests(world, wallet, pool))
                : null;
    }

    private static @Nullable List<String> interests(World world, Wallet wallet, StakePool pool) {
        return Interests.of(
                wallet,
                pool,
                world.pools,
                delegator -> {
                    Provider provider = world.providers.get(delegator);
                    return provider == null ? null : provider.ownerGroup();
                },
                world.protocol.current().parameters().committee().interestBps());
    }
}
