package io.athanor.query.answer;

import java.util.List;
import java.util.stream.Stream;
import org.axonframework.config.Configurer;
import org.axonframework.lifecycle.Phase;
import org.jdbi.v3.core.Jdbi;

/** All answers from the views. */
public final class ViewAnswers {
    private final List<Answer<?>> all;

    /** @param processor whose position answers state as {@code asOf} */
    public ViewAnswers(Jdbi jdbi, String processor) {
        Answers answers = new Answers(jdbi, processor);
        all = Stream.of(
                        new JobAnswers(answers).all(),
                        new PartyAnswers(answers).all(),
                        new MoneyAnswers(answers).all(),
                        new RoundAnswers(answers).all(),
                        new CaseAnswers(answers).all(),
                        new EpochAnswers(answers).all())
                .flatMap(List::stream)
                .toList();
    }

    /** Puts the answers on the query bus when Axon starts. */
    public void register(Configurer configurer) {
        configurer.onInitialize(axon -> axon.onStart(
                Phase.LOCAL_MESSAGE_HANDLER_REGISTRATIONS,
                () -> all.forEach(answer -> answer.subscribe(axon.queryBus()))));
    }
}
