package io.athanor.query.answer;

import io.athanor.domain.view.Page;
import java.util.Optional;
import java.util.function.Function;
import org.axonframework.common.Registration;
import org.axonframework.queryhandling.QueryBus;

/**
 * Who answers a question, with what.
 *
 * <p>Subscribed by hand: Axon does not match a handler method's {@code Page<JobView>} with the {@code Page} that a
 * sender asks for.
 *
 * @param type the view of a single answer, or {@link Page}
 */
record Answer<Q>(Class<Q> question, Class<?> type, Function<Q, ?> answer) {
    /** A view or nothing; senders ask for {@code ResponseTypes.optionalInstanceOf(type)}. */
    static <Q, R> Answer<Q> find(Class<Q> question, Class<R> type, Function<Q, Optional<R>> answer) {
        return new Answer<>(question, type, answer);
    }

    /** A page; senders ask for {@code ResponseTypes.instanceOf(Page.class)}. */
    static <Q> Answer<Q> page(Class<Q> question, Function<Q, ? extends Page<?>> answer) {
        return new Answer<>(question, Page.class, answer);
    }

    Registration subscribe(QueryBus bus) {
        return bus.subscribe(question.getName(), type, message -> answer.apply(question.cast(message.getPayload())));
    }
}
