package io.athanor.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.athanor.domain.common.Ath;
import io.athanor.domain.protocol.ProtocolParameters;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProfilesTest {
    @ParameterizedTest
    @ValueSource(strings = {"mainnet", "aethir", "devnet"})
    void builtInProfilesKeepTheBounds(String name) {
        assertThat(Profiles.load(name).profile()).isEqualTo(name);
    }

    @Test
    void mainnetHasTheFiguresOfTheRules() {
        ProtocolParameters p = Profiles.load("mainnet");
        assertThat(p.timing().epochMillis()).isEqualTo(15 * 60_000);
        assertThat(p.timing().dayMillis()).isEqualTo(86_400_000);
        assertThat(p.committee().routineSeats()).isEqualTo(5);
        assertThat(p.committee().routineQuorum()).isEqualTo(3);
        assertThat(p.reward().protocolFeeBps()).isEqualTo(2_000);
        assertThat(p.reward().providerReserve()).isEqualTo(Ath.SUPPLY.bps(3_500));
        assertThat(p.reward().checkerReserve()).isEqualTo(Ath.SUPPLY.bps(1_500));
        assertThat(p.admission().allowSimulated()).isFalse();
    }

    @Test
    void devnetShrinksTheDayToAMinuteAndAllowsSimulatedGpus() {
        ProtocolParameters p = Profiles.load("devnet");
        assertThat(p.timing().dayMillis()).isEqualTo(60_000);
        assertThat(p.admission().allowSimulated()).isTrue();
    }

    @Test
    void anUnknownProfileSaysWhichThereAre() {
        assertThatThrownBy(() -> Profiles.load("moonnet")).hasMessageContaining("mainnet, aethir, devnet");
    }
}
