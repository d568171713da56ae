package io.athanor.api.checker;

import io.athanor.api.web.Reads;
import io.athanor.domain.attestation.RoundEvent.RoundOpened;
import io.athanor.domain.attestation.Subject;
import io.athanor.domain.attestation.Subject.DeliverySubject;
import io.athanor.domain.common.RoundId;
import io.athanor.domain.query.Queries.FindDelivery;
import io.athanor.domain.query.Queries.FindRound;
import io.athanor.domain.view.RoundView;
import io.athanor.domain.wire.CheckerProtocol.Deliveries;
import io.athanor.domain.wire.CheckerProtocol.Delivery;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The deliveries of a round, read once for its whole committee: they have ended and do not change. Kept for the newest
 * rounds only, and only where none was missing.
 */
final class RoundDeliveries {
    private static final int ROUNDS_KEPT = 32;

    private final Reads reads;
    private final Map<RoundId, Deliveries> kept = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<RoundId, Deliveries> eldest) {
            return size() > ROUNDS_KEPT;
        }
    };

    RoundDeliveries(Reads reads) {
        this.reads = reads;
    }

    /** Error: {@link io.athanor.domain.common.Refused} NOT_FOUND. */
    Deliveries of(RoundId round) {
        synchronized (kept) {
            Deliveries known = kept.get(round);
            if (known != null) {
                return known;
            }
        }
        RoundOpened opened = reads.get(new FindRound(round), RoundView.class, "round " + round)
                .opened();
        Deliveries found = read(opened);
        if (found.deliveries().size() == opened.subjects().size()) {
            synchronized (kept) {
                kept.put(round, found);
            }
        }
        return found;
    }

    private Deliveries read(RoundOpened opened) {
        List<Delivery> found = new ArrayList<>();
        for (Subject subject : opened.subjects()) {
            if (subject instanceof DeliverySubject delivery) {
                reads.find(new FindDelivery(delivery.lease()), Delivery.class).ifPresent(found::add);
            }
        }
        return new Deliveries(found);
    }
}
