package io.athanor.chain;

import static org.assertj.core.api.Assertions.assertThat;

import io.athanor.chain.LedgerTables.Network;
import io.athanor.chain.LedgerTables.Opened;
import io.athanor.chain.ProgressTables.Opening;
import io.athanor.domain.testing.Samples;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class EpochOpenerTest {
    private static final Network NETWORK = new Network(1, Samples.START, 10_000);

    private static Instant at(long seconds) {
        return Samples.at(seconds * 1_000);
    }

    private static Opening opening(long epoch, long start) {
        return new Opening(epoch, at(start), at(start + 10));
    }

    @Test
    void beginsWithEpochZeroOrTheOneThatRuns() {
        assertThat(EpochOpener.due(NETWORK, Optional.empty(), at(-5))).isEqualTo(opening(0, 0));
        assertThat(EpochOpener.due(NETWORK, Optional.empty(), at(9))).isEqualTo(opening(0, 0));
        assertThat(EpochOpener.due(NETWORK, Optional.empty(), at(25))).isEqualTo(opening(2, 20));
    }

    @Test
    void followsTheNewestAndSkipsWhatPassed() {
        Optional<Opened> newest = Optional.of(new Opened(4, at(41), at(50)));
        assertThat(EpochOpener.due(NETWORK, newest, at(45))).isEqualTo(opening(5, 50));
        assertThat(EpochOpener.due(NETWORK, newest, at(59))).isEqualTo(opening(5, 50));
        assertThat(EpochOpener.due(NETWORK, newest, at(60))).isEqualTo(opening(6, 60));
        assertThat(EpochOpener.due(NETWORK, newest, at(95))).isEqualTo(opening(9, 90));
    }

    @Test
    void aNewLengthCountsFromTheEndOfTheNewest() {
        Network shorter = new Network(1, Samples.START, 3_000);
        Optional<Opened> newest = Optional.of(new Opened(4, at(41), at(50)));
        assertThat(EpochOpener.due(shorter, newest, at(51))).isEqualTo(new Opening(5, at(50), at(53)));
    }
}
