package io.athanor.chain;

import io.athanor.chain.RecordTables.Refutation;
import io.athanor.domain.port.ChainStatus.Endpoint;
import io.athanor.domain.port.ChainStatus.Halt;
import io.athanor.domain.port.ChainStatus.Submitter;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What an operator has to do something about, in words: a pure function of what the report says. */
final class Alarms {
    /** So many final blocks may be unread: the time in which a node that leads reads them is seconds. */
    static final long LAG_BLOCKS = 64;

    private Alarms() {}

    static List<String> of(
            List<Halt> halts,
            List<Refutation> refuted,
            long readBlock,
            @Nullable Long finalBlock,
            Submitter submitter,
            @Nullable Submitter relay,
            List<Endpoint> endpoints) {
        List<String> alarms = new ArrayList<>();
        halts.forEach(halt -> alarms.add(halt.part() + " is halted since " + halt.since()
                + ": mend the cause, then athanor ops chain --resume"));
        refuted.forEach(match -> alarms.add(words(match)));
        if (finalBlock == null) {
            alarms.add("no endpoint of the chain answers");
        } else if (finalBlock - readBlock > LAG_BLOCKS) {
            alarms.add((finalBlock - readBlock) + " final blocks are not read: is a node leading?");
        }
        if (submitter.low()) {
            alarms.add("the submitter " + submitter.wallet() + " has " + submitter.balance() + " wei: refill it above "
                    + submitter.refillBelow());
        }
        if (relay != null && relay.low()) {
            alarms.add("the relay " + relay.wallet() + " has " + relay.balance() + " wei: refill it above "
                    + relay.refillBelow() + ", or penalties, releases and claims wait");
        }
        if (endpoints.size() > 1 && endpoints.stream().filter(Endpoint::trusted).count() == 1) {
            alarms.add("one endpoint of " + endpoints.size() + " is left");
        }
        return alarms;
    }

    private static String words(Refutation match) {
        String task = match.task() == null ? "the unknown task " + match.jobKey() : "task " + match.task();
        return "the match of " + task + " under fence " + match.fence() + " was refuted on chain by "
                + match.reporter() + " in block " + match.block() + " (" + match.finding() + "); "
                + (match.outcome() == null ? "no case was opened" : match.outcome())
                + ": compare the client's order with the history, then athanor ops chain --resume";
    }
}
