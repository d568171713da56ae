package io.athanor.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.athanor.domain.account.AccountEvent;
import io.athanor.domain.attestation.RoundEvent;
import io.athanor.domain.checker.CheckerEvent;
import io.athanor.domain.epoch.EpochEvent;
import io.athanor.domain.governance.ProposalEvent;
import io.athanor.domain.job.JobEvent;
import io.athanor.domain.machine.MachineEvent;
import io.athanor.domain.penalty.CaseEvent;
import io.athanor.domain.protocol.ProtocolEvent;
import io.athanor.domain.provider.ProviderEvent;
import io.athanor.domain.stake.StakePoolEvent;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class EventCatalogueTest {
    @Test
    void everyRecordOfEverySealedFamilyStandsInIt() {
        Set<Class<?>> families = Stream.of(
                        AccountEvent.class,
                        ProviderEvent.class,
                        MachineEvent.class,
                        JobEvent.class,
                        CheckerEvent.class,
                        StakePoolEvent.class,
                        ProposalEvent.class,
                        RoundEvent.class,
                        CaseEvent.class,
                        EpochEvent.class,
                        ProtocolEvent.class)
                .flatMap(family -> Stream.of(family.getPermittedSubclasses()))
                .collect(Collectors.toSet());
        assertThat(EventCatalogue.all().stream().map(EventCatalogue.Entry::type).collect(Collectors.toSet()))
                .isEqualTo(families);
    }

    @Test
    void namesAndClassesLeadToEachOther() {
        for (EventCatalogue.Entry entry : EventCatalogue.all()) {
            assertThat(EventCatalogue.classOf(entry.name())).isEqualTo(entry.type());
            assertThat(EventCatalogue.nameOf(entry.type())).isEqualTo(entry.name());
            assertThat(entry.revision()).isPositive();
        }
    }

    @Test
    void anUnknownNameIsAnError() {
        assertThatThrownBy(() -> EventCatalogue.classOf("job.Nothing")).isInstanceOf(IllegalArgumentException.class);
    }
}
