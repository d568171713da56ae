package io.athanor.command.bus;

import io.athanor.domain.common.Reason;
import io.athanor.domain.common.Refused;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.axonframework.commandhandling.CommandCallback;
import org.axonframework.commandhandling.CommandMessage;
import org.axonframework.commandhandling.GenericCommandResultMessage;
import org.axonframework.commandhandling.SimpleCommandBus;
import org.axonframework.messaging.MessageHandler;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A command bus with one writer: it takes the orders that wait, up to {@value #GROUP_ORDERS}, and runs them in one
 * transaction, so that under load many orders share a commit and an idle node still answers after one.
 *
 * <p>Invariant: an answer is given after the commit that stored it. Where a group fails, each of its orders is run
 * alone and tried again on conflicts, so that one bad order spoils none of its neighbours.
 *
 * <p>Errors reach the callback as {@link Refused}: the rules' own, CONFLICT, or UNAVAILABLE.
 */
public final class GroupCommandBus extends SimpleCommandBus implements AutoCloseable {
    /** The most orders that share a transaction. */
    public static final int GROUP_ORDERS = 64;

    /** The most commands that share a transaction, unless one order has more; it bounds the wait of the next. */
    static final int GROUP_COMMANDS = 1_024;

    /** The most orders that wait; more are refused, since they would only grow old. */
    static final int WAITING_ORDERS = 16_384;

    static final int ATTEMPTS = 7;
    private static final long FIRST_PAUSE_MICROS = 1_000;
    private static final long CLOSE_MILLIS = 10_000;
    private static final Logger LOG = LoggerFactory.getLogger(GroupCommandBus.class);

    private final Group group;
    private final BlockingQueue<Waiting<?, ?>> queue = new ArrayBlockingQueue<>(WAITING_ORDERS);
    private final Thread writer;
    private final LongAdder commits = new LongAdder();
    private volatile boolean open = true;

    /** Starts the writer. */
    public GroupCommandBus(Group group) {
        super(SimpleCommandBus.builder());
        this.group = group;
        this.writer = Thread.ofPlatform().name("command-writer").start(this::run);
    }

    @Override
    protected <C, R> void handle(
            CommandMessage<C> command,
            MessageHandler<? super CommandMessage<?>> handler,
            CommandCallback<? super C, ? super R> callback) {
        Waiting<C, R> waiting = new Waiting<>(command, (GroupHandler) handler, callback);
        if (!open) {
            waiting.fail(new Refused(Reason.UNAVAILABLE, "this node is stopping"));
        } else if (!queue.offer(waiting)) {
            waiting.fail(new Refused(Reason.UNAVAILABLE, WAITING_ORDERS + " orders wait already"));
        }
    }

    /** Transactions that this bus has committed since it started. */
    public long commits() {
        return commits.sum();
    }

    private void run() {
        List<Waiting<?, ?>> later = new ArrayList<>();
        while (open || !queue.isEmpty() || !later.isEmpty()) {
            try {
                runOrFail(take(later));
            } catch (InterruptedException e) {
                open = false;
            }
        }
    }

    /** Whatever happens, each order gets an answer; a second one is ignored by its sender. */
    private void runOrFail(List<Waiting<?, ?>> orders) {
        try {
            runGroup(orders);
        } catch (RuntimeException | Error e) {
            LOG.error("The writer goes on after a fault", e);
            orders.forEach(order -> order.fail(Failure.BROKEN.refusal()));
        }
    }

    /** The next group; orders with an id that is in it already go to {@code later}, the head of the next one. */
    private List<Waiting<?, ?>> take(List<Waiting<?, ?>> later) throws InterruptedException {
        Selection selection = new Selection();
        later.removeIf(selection::add);
        Waiting<?, ?> next = selection.isEmpty() ? queue.poll(100, TimeUnit.MILLISECONDS) : queue.poll();
        while (next != null) {
            if (!selection.add(next)) {
                later.add(next);
            }
            next = selection.isFull() || later.size() >= GROUP_ORDERS ? null : queue.poll();
        }
        return selection.chosen();
    }

    private void runGroup(List<Waiting<?, ?>> orders) {
        if (orders.isEmpty()) {
            return;
        }
        if (orders.size() == 1) {
            runAlone(orders.getFirst());
            return;
        }
        List<Group.Answer> answers;
        try {
            answers = commit(orders);
        } catch (RuntimeException e) {
            LOG.debug("A group of {} orders failed, each runs alone", orders.size(), e);
            orders.forEach(this::runAlone);
            return;
        }
        for (int i = 0; i < orders.size(); i++) {
            orders.get(i).answer(answers.get(i));
        }
    }

    private List<Group.Answer> commit(List<Waiting<?, ?>> orders) {
        List<Group.Answer> answers = group.run(orders);
        commits.increment();
        return answers;
    }

    private void runAlone(Waiting<?, ?> order) {
        for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
            Group.Answer answer = attempt(order, attempt);
            if (answer != null) {
                order.answer(answer);
                return;
            }
            pause(attempt);
        }
    }

    /** The order's answer, null where it should be tried again. */
    private Group.@Nullable Answer attempt(Waiting<?, ?> order, int attempt) {
        try {
            return commit(List.of(order)).getFirst();
        } catch (RuntimeException e) {
            Failure failure = Failure.of(e);
            if (failure.retryable() && attempt < ATTEMPTS) {
                LOG.debug("Order {} is tried again", order.name(), e);
                return null;
            }
            LOG.warn("Order {} failed at attempt {}", order.name(), attempt, e);
            return new Group.Answer(failure.refusal());
        }
    }

    /** Twice as long each time, and uneven, so that two nodes do not meet again. */
    private static void pause(int attempt) {
        long micros = FIRST_PAUSE_MICROS << attempt;
        try {
            TimeUnit.MICROSECONDS.sleep(micros + ThreadLocalRandom.current().nextLong(micros));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Takes no more orders, runs those that wait, and ends the writer. */
    @Override
    public void close() {
        open = false;
        try {
            writer.join(CLOSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        queue.forEach(waiting -> waiting.fail(new Refused(Reason.UNAVAILABLE, "this node is stopping")));
    }

    /** An order and its sender. */
    record Waiting<C, R>(
            CommandMessage<C> command, GroupHandler handler, CommandCallback<? super C, ? super R> callback) {
        String name() {
            return command.getCommandName() + " " + command.getIdentifier();
        }

        void fail(Throwable failure) {
            callback.onResult(command, GenericCommandResultMessage.asCommandResultMessage(failure));
        }

        void answer(Group.Answer answer) {
            if (answer.result() instanceof Refused refused) {
                fail(refused);
            } else {
                callback.onResult(command, GenericCommandResultMessage.asCommandResultMessage(answer.result()));
            }
        }
    }
}
