package io.athanor.query.answer;

import io.athanor.domain.query.Queries.ListUsage;
import io.athanor.query.store.MachineTelemetry;
import org.axonframework.config.Configurer;
import org.axonframework.lifecycle.Phase;

/** The answer about what jobs use, which is telemetry and in no view. */
public final class UsageAnswers {
    private static final int BEFORE_THE_FIRST = -1;

    private final Answer<ListUsage> usage;

    public UsageAnswers(MachineTelemetry telemetry) {
        usage = Answer.page(ListUsage.class, query -> {
            Answers.requirePage(query.first());
            int after = (int) Answers.number(query.after(), BEFORE_THE_FIRST);
            return telemetry.usage(query.id(), after, query.first());
        });
    }

    /** Puts the answer on the query bus when Axon starts. */
    public void register(Configurer configurer) {
        configurer.onInitialize(axon ->
                axon.onStart(Phase.LOCAL_MESSAGE_HANDLER_REGISTRATIONS, () -> usage.subscribe(axon.queryBus())));
    }
}
