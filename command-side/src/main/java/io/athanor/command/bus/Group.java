package io.athanor.command.bus;

import io.athanor.command.store.Appended;
import io.athanor.command.store.EventTail;
import io.athanor.command.store.NotifyingEventStore;
import io.athanor.domain.common.CommandId;
import io.athanor.domain.common.Refused;
import io.athanor.domain.port.Commands.Order;
import io.athanor.domain.port.Commands.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.axonframework.commandhandling.CommandMessage;
import org.axonframework.common.transaction.TransactionManager;
import org.axonframework.messaging.Message;
import org.axonframework.messaging.ResultMessage;
import org.axonframework.messaging.unitofwork.DefaultUnitOfWork;
import org.jspecify.annotations.Nullable;

/**
 * One transaction over several orders: a root unit of work, and a nested one an order, so that the store appends the
 * events of all orders in one statement.
 *
 * <p>Invariant: all or nothing. A refused order has applied nothing and does not hinder the others; any other failure
 * rolls the whole group back.
 */
public final class Group {
    private final TransactionManager transactions;
    private final CommandLog log;
    private final EventTail tail;

    public Group(TransactionManager transactions, CommandLog log, EventTail tail) {
        this.transactions = transactions;
        this.log = log;
        this.tail = tail;
    }

    /** What becomes of one order: an {@link Outcome}, or its {@link Refused}. */
    record Answer(Object result) {}

    /** One order on its way through the group. */
    private static final class Entry {
        private final Order order;
        private int events;
        private @Nullable Object result;
        private boolean isNew;

        Entry(Order order) {
            this.order = order;
        }

        CommandLog.Entry row() {
            return new CommandLog.Entry(
                    Objects.requireNonNull(order.outside()),
                    (Outcome) Objects.requireNonNull(result),
                    order.commands().getFirst().at());
        }
    }

    /** Runs the orders and commits. Any exception means that nothing is known to be stored. */
    List<Answer> run(List<GroupCommandBus.Waiting<?, ?>> orders) {
        DefaultUnitOfWork<Message<?>> root = DefaultUnitOfWork.startAndGet(null);
        try {
            root.attachTransaction(transactions);
            List<Entry> entries = decideAll(orders);
            root.onPrepareCommit(appended -> remember(NotifyingEventStore.appendedIn(root), entries));
            root.commit();
            return entries.stream()
                    .map(entry -> new Answer(Objects.requireNonNull(entry.result)))
                    .toList();
        } finally {
            if (root.isActive()) {
                root.rollback();
            }
        }
    }

    private List<Entry> decideAll(List<GroupCommandBus.Waiting<?, ?>> orders) {
        Map<CommandId, CommandLog.Remembered> known = log.find(ids(orders));
        orders.getFirst()
                .handler()
                .prepare(orders.stream()
                        .<CommandMessage<?>>map(GroupCommandBus.Waiting::command)
                        .toList());
        List<Entry> entries = new ArrayList<>(orders.size());
        for (GroupCommandBus.Waiting<?, ?> waiting : orders) {
            entries.add(decide(waiting, known));
        }
        return entries;
    }

    private static List<CommandId> ids(List<GroupCommandBus.Waiting<?, ?>> orders) {
        List<CommandId> ids = new ArrayList<>(orders.size());
        for (GroupCommandBus.Waiting<?, ?> waiting : orders) {
            Order order = (Order) waiting.command().getPayload();
            if (order.outside() != null) {
                ids.add(order.outside().id());
            }
        }
        return ids;
    }

    private static Entry decide(GroupCommandBus.Waiting<?, ?> waiting, Map<CommandId, CommandLog.Remembered> known) {
        Entry entry = new Entry((Order) waiting.command().getPayload());
        try {
            CommandLog.Remembered before = entry.order.outside() == null
                    ? null
                    : known.get(entry.order.outside().id());
            if (before != null && entry.order.outside() != null) {
                entry.result = before.answer(entry.order.outside());
            } else {
                entry.events = inNestedUnit(waiting);
                entry.isNew = true;
            }
        } catch (Refused refused) {
            entry.result = refused;
        }
        return entry;
    }

    /** A refusal commits the nested unit, which is empty; a rollback would throw good aggregates out of memory. */
    private static int inNestedUnit(GroupCommandBus.Waiting<?, ?> waiting) {
        ResultMessage<Integer> result = DefaultUnitOfWork.startAndGet(waiting.command())
                .executeWithResult(
                        () -> waiting.handler().handle(waiting.command()), thrown -> !(thrown instanceof Refused));
        if (!result.isExceptional()) {
            return result.getPayload();
        }
        switch (result.exceptionResult()) {
            case Refused refused -> throw refused;
            case RuntimeException failure -> throw failure;
            case Error error -> throw error;
            case Throwable checked -> throw new IllegalStateException(checked);
        }
    }

    /** The store has just appended the group's events, in the orders' order; their indexes are known. */
    private void remember(@Nullable Appended appended, List<Entry> entries) {
        int before = 0;
        for (Entry entry : entries) {
            before += entry.events;
            if (entry.isNew) {
                long index = entry.events == 0 || appended == null
                        ? tail.head()
                        : appended.indexes().get(before - 1);
                entry.result = new Outcome(entry.events, index);
            }
        }
        log.write(entries.stream()
                .filter(entry -> entry.isNew && entry.order.outside() != null)
                .map(Entry::row)
                .toList());
    }
}
