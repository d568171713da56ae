package io.athanor.command.bus;

import io.athanor.domain.common.CommandId;
import io.athanor.domain.port.Commands.Order;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Chooses the orders of one group: within the limits, and no command id twice. */
final class Selection {
    private final List<GroupCommandBus.Waiting<?, ?>> chosen = new ArrayList<>();
    private final Set<CommandId> ids = new HashSet<>();
    private int commands;

    /** Whether the order is in; a full group takes none, a duplicate has to see its predecessor's answer first. */
    boolean add(GroupCommandBus.Waiting<?, ?> waiting) {
        Order order = (Order) waiting.command().getPayload();
        if (isFull() || order.outside() != null && !ids.add(order.outside().id())) {
            return false;
        }
        commands += order.commands().size();
        return chosen.add(waiting);
    }

    boolean isFull() {
        return chosen.size() >= GroupCommandBus.GROUP_ORDERS || commands >= GroupCommandBus.GROUP_COMMANDS;
    }

    boolean isEmpty() {
        return chosen.isEmpty();
    }

    List<GroupCommandBus.Waiting<?, ?>> chosen() {
        return chosen;
    }
}
