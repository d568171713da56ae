package io.athanor.command.bus;

import java.util.List;
import org.axonframework.commandhandling.CommandMessage;
import org.axonframework.messaging.MessageHandler;

/** Handles the orders of a {@link GroupCommandBus}; called on its one thread, inside the group's transaction. */
public interface GroupHandler extends MessageHandler<CommandMessage<?>> {
    /** Called once before a group's orders are handled, to fetch together what each would fetch alone. */
    void prepare(List<CommandMessage<?>> group);

    /** Handles one order and answers how many events it stored; a refusal has applied none. */
    @Override
    Integer handle(CommandMessage<?> message);
}
