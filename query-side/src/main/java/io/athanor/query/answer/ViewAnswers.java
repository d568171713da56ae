package io.athanor.query.answer;

import java.util.List;
import org.axonframework.config.Configurer;
import org.jdbi.v3.core.Jdbi;

/** All query handlers of the views. */
public final class ViewAnswers {
    private final List<Object> handlers;

    /** @param processor whose position answers state as {@code asOf} */
    public ViewAnswers(Jdbi jdbi, String processor) {
        Answers answers = new Answers(jdbi, processor);
        handlers = List.of(
                new JobAnswers(answers),
                new PartyAnswers(answers),
                new MoneyAnswers(answers),
                new RoundAnswers(answers),
                new EpochAnswers(answers));
    }

    /** Puts the handlers on the query bus. */
    public void register(Configurer configurer) {
        handlers.forEach(handler -> configurer.registerQueryHandler(configuration -> handler));
    }
}
