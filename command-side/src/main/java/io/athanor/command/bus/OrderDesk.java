package io.athanor.command.bus;

import io.athanor.domain.common.Reason;
import io.athanor.domain.common.Refused;
import io.athanor.domain.port.Commands;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.axonframework.commandhandling.CommandBus;
import org.axonframework.commandhandling.CommandMessage;
import org.axonframework.commandhandling.GenericCommandMessage;
import org.axonframework.messaging.MetaData;
import org.axonframework.messaging.unitofwork.CurrentUnitOfWork;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The port {@link Commands}: each order becomes one Axon command with the metadata of all its events.
 *
 * <p>{@code commandId} is the sender's id, or the order's own for one from inside; {@code correlation} is that of the
 * message whose handler sends it, else the cause, else the command id, so that a whole story can be found by one value.
 */
public final class OrderDesk implements Commands, AutoCloseable {
    /** The one Axon command name. */
    public static final String ORDER = "order";

    public static final String COMMAND_ID = "commandId";
    public static final String ACTOR = "actor";
    public static final String CAUSE = "cause";
    public static final String CORRELATION = "correlation";

    private static final Logger LOG = LoggerFactory.getLogger(OrderDesk.class);

    private final CommandBus bus;
    // Whoever continues an answer must not do so on the writer's thread, which would wait for itself.
    private final ExecutorService answers =
            Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("answer").factory());

    public OrderDesk(CommandBus bus) {
        this.bus = bus;
    }

    @Override
    public CompletableFuture<Outcome> send(Order order) {
        CompletableFuture<Outcome> answer = new CompletableFuture<>();
        if (order.commands().isEmpty()) {
            answer.completeExceptionally(new Refused(Reason.MALFORMED, "an order has at least one command"));
            return answer;
        }
        bus.<Order, Outcome>dispatch(message(order), (command, result) -> {
            if (result.isExceptional()) {
                Refused refused = refusalOf(result.exceptionResult());
                answers.execute(() -> answer.completeExceptionally(refused));
            } else {
                Outcome outcome = result.getPayload();
                answers.execute(() -> answer.complete(outcome));
            }
        });
        return answer;
    }

    private static Refused refusalOf(Throwable failure) {
        if (failure instanceof Refused refused) {
            return refused;
        }
        LOG.error("An order failed outside the rules", failure);
        return Failure.of(failure).refusal();
    }

    private static CommandMessage<Order> message(Order order) {
        GenericCommandMessage<Order> message = new GenericCommandMessage<>(
                new org.axonframework.messaging.GenericMessage<>(order, MetaData.emptyInstance()), ORDER);
        String id = order.outside() == null
                ? message.getIdentifier()
                : order.outside().id().toString();
        String cause = order.cause() == null ? id : order.cause();
        return message.andMetaData(
                Map.of(COMMAND_ID, id, ACTOR, order.actor(), CAUSE, cause, CORRELATION, correlation(cause)));
    }

    private static String correlation(String cause) {
        Object inherited = CurrentUnitOfWork.isStarted()
                ? CurrentUnitOfWork.get().getMessage().getMetaData().get(CORRELATION)
                : null;
        return inherited == null ? cause : inherited.toString();
    }

    @Override
    public void close() {
        answers.close();
    }
}
