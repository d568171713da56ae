package io.athanor.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.athanor.codec.EventCatalogue;
import io.athanor.domain.query.Queries;
import io.athanor.domain.wire.AgentProtocol;
import io.athanor.domain.wire.CheckerProtocol;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** {@code docs/messages.md} says what the sources say. */
class MessagesDocTest {
    @Test
    void theDocumentIsNotStale() {
        assertThat(Repository.text(MessagesDoc.FILE))
                .as("docs/messages.md is stale; at the root, with a JDK 25, run: " + MessagesDoc.COMMAND)
                .isEqualTo(MessagesDoc.text());
    }

    /** The sources are read as text; the classes themselves say that none was missed. */
    @Test
    void everyMessageIsInIt() {
        String text = MessagesDoc.text();
        assertThat(EventCatalogue.all())
                .allSatisfy(e -> assertThat(text)
                        .contains("| `" + e.type().getSimpleName() + "`<br>stored as `" + e.name() + "` revision "
                                + e.revision()));
        Stream.of(Queries.class, AgentProtocol.class, CheckerProtocol.class)
                .flatMap(file -> Stream.of(file.getDeclaredClasses()))
                .filter(Class::isRecord)
                .forEach(message -> assertThat(text).contains("| `" + message.getSimpleName() + "` |"));
        Stream.of(AgentProtocol.AgentReport.class, AgentProtocol.AgentOrder.class)
                .flatMap(family -> Stream.of(family.getPermittedSubclasses()))
                .forEach(m -> assertThat(text)
                        .contains("| `" + m.getDeclaringClass().getSimpleName() + "." + m.getSimpleName() + "` |"));
    }
}
