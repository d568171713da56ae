package io.athanor.saga.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.athanor.domain.common.CaseId;
import io.athanor.domain.common.MachineId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.machine.MachineEvent.MachineEnrolled;
import io.athanor.domain.provider.ProviderEvent.ProviderActivated;
import io.athanor.domain.provider.ProviderEvent.ProviderExpelled;
import io.athanor.domain.provider.ProviderEvent.ProviderSuspended;
import io.athanor.domain.provider.ProviderEvent.SuspensionLifted;
import io.athanor.saga.routing.Instance;
import io.athanor.saga.sim.Samples;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** A mass of suspensions looks up no more machines than there are suspensions. */
class LiveQualityTest {
    private static final Wallet OWNER = Samples.wallet(1);
    private static final CaseId CASE = new CaseId(new UUID(0, 1));

    private final List<Instance> touched = new ArrayList<>();
    private final Live live = new Live(new LiveIndexes(), touched::add);
    private final MachineId one = enrolled(1, OWNER);
    private final MachineId two = enrolled(2, OWNER);

    private MachineId enrolled(int number, Wallet owner) {
        MachineId id = Samples.machine(number);
        live.apply(new MachineEnrolled(
                id, owner, "key", Samples.inventory(number, 1), Samples.signed(owner, number), Samples.GENESIS));
        return id;
    }

    @Test
    void aSuspensionConcernsItsMachineAlone() {
        touched.clear();
        live.apply(new ProviderSuspended(OWNER, one, CASE, Samples.GENESIS, Samples.GENESIS));
        assertThat(touched).containsExactly(Instance.machine(one));
    }

    @Test
    void whatConcernsTheOwnerConcernsAllItsMachines() {
        enrolled(3, Samples.wallet(2));
        for (var event : List.of(
                new ProviderActivated(OWNER, Samples.GENESIS),
                new ProviderExpelled(OWNER, CASE, Samples.GENESIS),
                new SuspensionLifted(OWNER, CASE, null, Samples.GENESIS))) {
            touched.clear();
            live.apply(event);
            assertThat(touched).containsExactlyInAnyOrder(Instance.machine(one), Instance.machine(two));
        }
    }
}
