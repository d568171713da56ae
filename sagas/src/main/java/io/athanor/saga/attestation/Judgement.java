package io.athanor.saga.attestation;

import io.athanor.domain.attestation.Subject;
import io.athanor.domain.attestation.Verdict;
import io.athanor.saga.live.LiveRound;

/** What an inspection says of a machine. */
enum Judgement {
    GENUINE,
    COUNTERFEIT,
    TOO_SLOW,
    /** No quorum on either: it is inspected again. */
    NONE;

    static Judgement of(LiveRound round, Subject subject) {
        Verdict verdict = round.verdictOf(subject.key());
        if (verdict == null || verdict.fact() == null) {
            return NONE;
        }
        return switch (verdict.fact()) {
            case GENUINE -> GENUINE;
            case COUNTERFEIT -> COUNTERFEIT;
            case TOO_SLOW -> TOO_SLOW;
            case ONLINE, OFFLINE, NETWORK, DELIVERED, ENDED_BY_CLIENT, NOT_DELIVERED, UPHELD, REFUTED -> NONE;
        };
    }
}
