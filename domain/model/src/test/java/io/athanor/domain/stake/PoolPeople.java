package io.athanor.domain.stake;

import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Authorization;
import io.athanor.domain.common.PoolId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.protocol.Economy.Delegation;
import io.athanor.domain.testing.Samples;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Who acts in the pools of the properties, and by which rules: amounts down to single wei, so that rounding shows. */
final class PoolPeople {
    static final StakeRules RULES =
            new StakeRules(new Delegation(100, 16, 16, Ath.ofWei(1), 500, 3_000, 100, 500, 7), 1);
    static final Wallet OPERATOR = new Samples(1).wallet();
    static final PoolId POOL = PoolId.ofChecker(OPERATOR);
    static final PoolId OTHER = PoolId.ofChecker(new Samples(2).wallet());
    static final List<Wallet> PEOPLE = new Samples(3).wallets(3);
    private static final Map<Wallet, Authorization> SIGNED = signed();

    private PoolPeople() {}

    static Authorization by(Wallet wallet) {
        return Objects.requireNonNull(SIGNED.get(wallet));
    }

    private static Map<Wallet, Authorization> signed() {
        Map<Wallet, Authorization> all = new HashMap<>();
        PEOPLE.forEach(w -> all.put(w, new Samples(4).authorization(w)));
        all.put(OPERATOR, new Samples(4).authorization(OPERATOR));
        return all;
    }
}
