package io.athanor.contracts;

import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Wallet;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What the contracts are deployed with. Delays are counted in settlement days, so that a network with short days has
 * short delays: activation 1 day, the long delay 7, silence and the longest pause 3, the timelock 2.
 *
 * @param admin of log and vault; null for the timelock that obeys votes alone, which is what a network has
 * @param installer installs the first signer set, and one after a silence
 * @param guardian may pause and disable a pending withdrawal root
 * @param submitter the hot key that sends batches and roots
 * @param day length of a settlement day, whole seconds
 * @param dailyLimit what an account may withdraw a day before the long delay is over
 * @param providerReserve emission reserve funded at genesis from the deployer
 * @param checkerReserve likewise, for Checkers
 */
public record GenesisTerms(
        @Nullable Wallet admin,
        Wallet installer,
        Wallet guardian,
        Wallet submitter,
        Duration day,
        Ath dailyLimit,
        Ath providerReserve,
        Ath checkerReserve) {
    private static final long ACTIVATION_DAYS = 1;
    private static final long LATE_DAYS = 7;
    private static final long SILENCE_DAYS = 3;
    private static final long PAUSE_DAYS = 3;
    private static final long TIMELOCK_DAYS = 2;

    public GenesisTerms {
        if (day.toSeconds() < 1 || !day.equals(Duration.ofSeconds(day.toSeconds()))) {
            throw new IllegalArgumentException("a settlement day is whole seconds, at least one: " + day);
        }
    }

    long daySeconds() {
        return day.toSeconds();
    }

    long activationSeconds() {
        return ACTIVATION_DAYS * daySeconds();
    }

    long lateSeconds() {
        return LATE_DAYS * daySeconds();
    }

    long silenceSeconds() {
        return SILENCE_DAYS * daySeconds();
    }

    long timelockSeconds() {
        return TIMELOCK_DAYS * daySeconds();
    }

    long pauseSeconds() {
        return PAUSE_DAYS * daySeconds();
    }
}
