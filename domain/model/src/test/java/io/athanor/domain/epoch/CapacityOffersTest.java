package io.athanor.domain.epoch;

import static org.assertj.core.api.Assertions.assertThat;

import io.athanor.domain.account.Withheld;
import io.athanor.domain.attestation.Attendance;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.epoch.RoundFacts.MachineRecord;
import io.athanor.domain.machine.Inventory;
import io.athanor.domain.machine.Machine;
import io.athanor.domain.testing.Samples;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CapacityOffersTest {
    private static final int MOST_BPS = 15_000;

    private final Samples samples = new Samples(31);
    private final Wallet one = samples.wallet();
    private final Wallet two = samples.wallet();
    private final Wallet three = samples.wallet();

    private MachineRecord machine(Wallet provider, @Nullable Long price, boolean takesWork, String... models) {
        List<Inventory.Gpu> gpus = Stream.of(models)
                .map(model -> new Inventory.Gpu(samples.machine().toString(), model, 1, 90, "1"))
                .toList();
        Machine known = new Machine(
                Machine.Standing.CERTIFIED,
                provider,
                "0x",
                samples.inventory(gpus, false),
                null,
                1,
                price == null ? null : Ath.ofWei(price),
                true,
                Map.of(),
                null,
                null,
                null,
                null);
        return new MachineRecord(known, 0, 0, Attendance.NONE, takesWork);
    }

    private MachineRecord at(Wallet provider, long price) {
        return machine(provider, price, true, "H100");
    }

    private @Nullable Withheld withheld(MachineRecord machine, MachineRecord... others) {
        List<MachineRecord> online =
                Stream.concat(Stream.of(machine), Stream.of(others)).toList();
        return CapacityOffers.of(online, MOST_BPS).withheld(machine);
    }

    @Test
    void whoIsNotOfferedEarnsNothing() {
        assertThat(withheld(machine(one, null, true, "H100"), at(two, 100))).isEqualTo(Withheld.NOT_OFFERED);
        assertThat(withheld(machine(one, 100L, true, "H100"), at(two, 100))).isNull();
    }

    @Test
    void whomASuspensionKeepsFromWorkEarnsNothingAndSetsNoPrice() {
        MachineRecord suspended = machine(one, 10L, false, "H100");
        assertThat(withheld(suspended, at(two, 100))).isEqualTo(Withheld.SUSPENDED);
        assertThat(withheld(at(two, 100), suspended)).isNull();
        assertThat(withheld(at(two, 100), at(one, 10)))
                .as("its twin that works")
                .isEqualTo(Withheld.OVERPRICED);
    }

    @Test
    void aPriceIsHeldAgainstTheMedianOfTheModel() {
        assertThat(withheld(at(one, 150), at(two, 100), at(three, 90))).isNull();
        assertThat(withheld(at(one, 151), at(two, 100), at(three, 90))).isEqualTo(Withheld.OVERPRICED);
        assertThat(withheld(at(one, 151), machine(two, 1L, true, "RTX 3090")))
                .as("another model")
                .isNull();
    }

    @Test
    void aProviderCountsOnceWithItsLowestPrice() {
        MachineRecord[] greedy = {at(one, 1_000), at(one, 1_000), at(two, 100), at(three, 100)};
        assertThat(withheld(at(one, 1_000), greedy)).isEqualTo(Withheld.OVERPRICED);
        assertThat(withheld(at(one, 151), at(one, 100)))
                .as("its own cheaper one")
                .isEqualTo(Withheld.OVERPRICED);
        assertThat(withheld(at(one, 150), at(one, 100))).isNull();
    }

    @Test
    void aMachineOfSeveralModelsIsHeldAgainstTheDearest() {
        MachineRecord mixed = machine(one, 300L, true, "H100", "RTX 3090");
        assertThat(withheld(mixed, at(two, 200), machine(three, 20L, true, "RTX 3090")))
                .isNull();
        assertThat(withheld(mixed, at(two, 199), machine(three, 20L, true, "RTX 3090")))
                .isEqualTo(Withheld.OVERPRICED);
    }

    @Test
    void theOrderOfTheMachinesDoesNotMatter() {
        List<MachineRecord> online = List.of(at(one, 160), at(two, 100), at(three, 110));
        assertThat(CapacityOffers.of(online, MOST_BPS).withheld(online.getFirst()))
                .isNull();
        assertThat(CapacityOffers.of(online.reversed(), MOST_BPS).withheld(online.getFirst()))
                .isNull();
    }
}
