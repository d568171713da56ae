package io.athanor.chain;

import io.athanor.contracts.wrapper.AgreementBook;
import io.athanor.contracts.wrapper.PenaltyBook;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.epoch.Mismatch;
import io.athanor.domain.hash.Hash32;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.web3j.abi.EventEncoder;
import org.web3j.protocol.core.methods.response.Log;

/** What final blocks say of cases: penalties that were taken, and matches that were refuted. */
final class RecordEvents {
    static final String APPLIED = EventEncoder.encode(PenaltyBook.PENALTYAPPLIED_EVENT);
    static final String REFUTED = EventEncoder.encode(AgreementBook.MATCHREFUTED_EVENT);

    private static final Logger LOG = LoggerFactory.getLogger(RecordEvents.class);
    /** As the contract numbers them; the first and the last are never refuted. */
    private static final List<String> FINDINGS =
            List.of("SOUND", "PRICE_ABOVE_ORDER", "TASK_NOT_ORDERED", "TERMS_DIFFER", "OTHER_OFFER");

    private final RecordTables records;
    private final Accusations accusations;

    RecordEvents(RecordTables records, Accusations accusations) {
        this.records = records;
        this.accusations = accusations;
    }

    static boolean isOne(String topic) {
        return topic.equals(APPLIED) || topic.equals(REFUTED);
    }

    /** Takes one. Error: {@link Halted} for a penalty of a case that the log does not know. */
    void take(Log log) {
        long block = log.getBlockNumber().longValueExact();
        if (log.getTopics().getFirst().equals(APPLIED)) {
            applied(PenaltyBook.getPenaltyAppliedEventFromLog(log), block);
        } else {
            refuted(AgreementBook.getMatchRefutedEventFromLog(log), block, Hash32.parse(log.getTransactionHash()));
        }
    }

    private void applied(PenaltyBook.PenaltyAppliedEventResponse event, long block) {
        Hash32 key = Hash32.of(event.penaltyCase);
        String penaltyCase = records.penaltyOf(key, new Ath(event.amount))
                .orElseThrow(() -> new Halted("the penalty book took " + event.amount + " wei for case " + key
                        + ", of which the log has no such penalty"));
        records.penaltyTaken(penaltyCase, new Ath(event.amount), block);
        LOG.info("the penalty of case {} is taken on chain: {} wei", penaltyCase, event.amount);
    }

    private void refuted(AgreementBook.MatchRefutedEventResponse event, long block, Hash32 transaction) {
        String finding = FINDINGS.get(event.finding.intValueExact());
        Hash32 key = Hash32.of(event.jobKey);
        int fence = event.fence.intValueExact();
        records.matchRefuted(key, fence, finding, event.reporter, block);
        String outcome =
                accusations.of(key, fence, Mismatch.valueOf(finding), Wallet.parse(event.reporter), transaction, block);
        records.refutationAnswered(key, fence, outcome);
        LOG.warn("match {} of fence {} was refuted on chain: {}; {}", key, fence, finding, outcome);
    }
}
