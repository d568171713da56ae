package io.athanor.saga.attestation;

import io.athanor.domain.attestation.Candidate;
import io.athanor.domain.attestation.Interests;
import io.athanor.domain.checker.Checker;
import io.athanor.domain.checker.CheckerEvent.CheckerRegistered;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.PoolId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.provider.Provider;
import io.athanor.domain.stake.StakePool;
import io.athanor.saga.live.LiveNetwork;
import io.athanor.saga.live.LiveSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Which checkers may be drawn: active, and bonded with at least one unit of their own. */
public final class Eligibility {
    private final LiveSet live;

    public Eligibility(LiveSet live) {
        this.live = live;
    }

    /** In wallet order. */
    public List<Candidate> now() {
        return live.checkers().stream()
                .sorted()
                .map(this::candidate)
                .filter(Objects::nonNull)
                .toList();
    }

    private @Nullable Candidate candidate(Wallet wallet) {
        Checker checker = live.checker(wallet);
        if (checker == null || checker.standing() != Checker.Standing.ACTIVE || !isBonded(wallet)) {
            return null;
        }
        CheckerRegistered registration = checker.registration();
        Wallet attester = checker.attester();
        return registration == null || attester == null
                ? null
                : new Candidate(
                        wallet,
                        attester,
                        registration.ownerGroup(),
                        registration.networkGroup(),
                        live.bondOf(wallet),
                        interests(wallet));
    }

    private @Nullable List<String> interests(Wallet wallet) {
        LiveNetwork network = live.network();
        StakePool own = live.pool(PoolId.ofChecker(wallet));
        if (network == null || own == null) {
            return null;
        }
        Map<PoolId, StakePool> pools = new HashMap<>();
        for (PoolId id : live.pools()) {
            StakePool pool = id.kind() == PoolId.Kind.PROVIDER ? live.pool(id) : null;
            if (pool != null) {
                pools.put(id, pool);
            }
        }
        Integer share = network.protocol().current().parameters().committee().interestBps();
        return Interests.of(wallet, own, pools, this::groupOf, share);
    }

    private @Nullable String groupOf(Wallet wallet) {
        Provider provider = live.provider(wallet);
        return provider == null ? null : provider.ownerGroup();
    }

    /**
     * Whether the checker's own bond licenses it: one unit, and that the least share of the pool is its own. Pools hold
     * nothing but their operator's bond, so the share is always whole.
     */
    public boolean isBonded(Wallet wallet) {
        LiveNetwork network = live.network();
        if (network == null) {
            return false;
        }
        Ath unit = network.protocol().current().parameters().stake().checkerUnit();
        return live.bondOf(wallet).covers(unit);
    }
}
