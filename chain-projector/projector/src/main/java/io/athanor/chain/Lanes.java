package io.athanor.chain;

import io.athanor.domain.wire.CheckerProtocol.CosignKind;

/** One lane a kind of message. */
record Lanes(BatchLane batches, PayoutLane payouts, SignerLane signers, RecordLane records) {
    Lane of(CosignKind kind) {
        return switch (kind) {
            case BATCH -> batches;
            case PAYOUT -> payouts;
            case SIGNERS -> signers;
            case RECORDS -> records;
        };
    }
}
