package io.athanor.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.athanor.codec.EventCatalogue;
import io.athanor.codec.Profiles;
import io.athanor.domain.common.Command;
import io.athanor.domain.common.Event;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** A new type of event is decided again in the replay, or stands here with the reason why not. */
class CommandOfTest {
    private static final Path GOLDEN = Path.of("../codec/src/test/resources/golden");
    private static final Set<String> WITH_THE_EVENT_BEFORE =
            Set.of("job.Funded", "job.Assigned", "checker.AttesterAuthorised");
    private static final Set<String> WITH_THE_EVENT_AFTER = Set.of("checker.Registered", "protocol.NetworkBegun");
    /** Its statement is no part of the event; the settlement's check makes it again. */
    private static final Set<String> MADE_AGAIN_ELSEWHERE = Set.of("epoch.RewardsComputed");

    /** They need the day and everybody's stake: {@link StakeCheck} and {@link GovernanceCheck} decide them. */
    private static final Set<String> BY_THEIR_OWN_CHECK = Set.of("pool.", "proposal.");

    @Test
    void everyEventHasItsCommandOrAReasonWhyNot() throws IOException {
        Set<String> without = new TreeSet<>();
        for (EventCatalogue.Entry entry : EventCatalogue.all()) {
            Event event = EventCatalogue.read(entry.name(), Files.readAllBytes(GOLDEN.resolve(entry.name() + ".json")));
            Command command = CommandOf.of(event, Profiles.load("devnet"));
            if (command == null) {
                without.add(entry.name());
            } else {
                assertThat(command.stream()).as(entry.name()).isEqualTo(event.stream());
                assertThat(command.at()).as(entry.name()).isEqualTo(event.at());
            }
        }
        Set<String> known = new TreeSet<>(WITH_THE_EVENT_BEFORE);
        known.addAll(WITH_THE_EVENT_AFTER);
        known.addAll(MADE_AGAIN_ELSEWHERE);
        EventCatalogue.all().stream()
                .map(EventCatalogue.Entry::name)
                .filter(name -> !name.equals("pool.StakeBonded"))
                .filter(name -> BY_THEIR_OWN_CHECK.stream().anyMatch(name::startsWith))
                .forEach(known::add);
        assertThat(without).isEqualTo(known);
    }
}
