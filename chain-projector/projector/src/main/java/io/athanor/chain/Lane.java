package io.athanor.chain;

import io.athanor.chain.MessageTables.Message;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.wire.CheckerProtocol.CosignDuty;
import java.util.List;

/** What is special about one kind of message; {@link MessageSender} does the rest alike for all. */
interface Lane {
    /** Whether all is known that signers sign. */
    default boolean isComplete(Message message) {
        return true;
    }

    /** Passes where the tables give what the log stated, before anybody is asked to sign. Error: {@link Halted}. */
    void requireSound(Message message);

    /** What its signers sign. */
    CosignDuty duty(Message message);

    /** Whether its place among the other kinds has come. */
    boolean isDue(Message message);

    /** Whom it is sent to. */
    Wallet contract();

    /** @param signatures the quorum's, in ascending order of their signers */
    String call(Message message, List<String> signatures);

    /** Tells the log that it is final. */
    void anchored(Message message);
}
