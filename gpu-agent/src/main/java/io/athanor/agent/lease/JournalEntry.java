package io.athanor.agent.lease;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.athanor.domain.common.LeaseId;
import io.athanor.domain.common.TaskId;
import io.athanor.domain.wire.AgentProtocol.AgentOrder.Start;
import io.athanor.domain.wire.AgentProtocol.Reported;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What one frame of the spool says. A stage and the report that announces it are one entry, so neither is without the other. */
@JsonTypeInfo(use = JsonTypeInfo.Id.SIMPLE_NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(JournalEntry.Took.class),
    @JsonSubTypes.Type(JournalEntry.Moved.class),
    @JsonSubTypes.Type(JournalEntry.Paid.class),
    @JsonSubTypes.Type(JournalEntry.Said.class),
    @JsonSubTypes.Type(JournalEntry.Dropped.class),
    @JsonSubTypes.Type(JournalEntry.Summary.class)
})
sealed interface JournalEntry {

    /** A new lease. */
    record Took(Start order) implements JournalEntry {}

    /** A lease's next stage, and what is to be reported of it. */
    record Moved(LeaseId lease, LeaseStage stage, @Nullable Reported report) implements JournalEntry {}

    /** More run time of a lease is paid for. */
    record Paid(LeaseId lease, long untilMillis) implements JournalEntry {}

    /** A report that belongs to no stage. */
    record Said(Reported report) implements JournalEntry {}

    /** A lease that needs no more care. */
    record Dropped(LeaseId lease) implements JournalEntry {}

    /** What a compacted spool begins with: the next report's number and the newest fence of each task. */
    record Summary(long nextSeq, Map<TaskId, Integer> fences) implements JournalEntry {}

    /**
     * One frame.
     *
     * @param acknowledged newest report that the server has
     * @param order newest order that the agent has done
     */
    record Frame(long acknowledged, long order, JournalEntry entry) {}
}
