package io.athanor.domain.port;

import io.athanor.domain.port.Commands.Outcome;
import io.athanor.domain.port.Commands.Outside;
import java.util.Optional;

/** What was answered to orders from outside, for as long as their authorisations can be valid and longer. */
public interface AcceptedOrders {
    /**
     * The first answer to this order, empty where it was never accepted. Error:
     * {@link io.athanor.domain.common.Refused} COMMAND_ID_REUSED where its id stands for other content.
     */
    Optional<Outcome> answerTo(Outside order);
}
