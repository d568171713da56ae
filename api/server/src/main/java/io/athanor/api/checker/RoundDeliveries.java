package io.athanor.api.checker;

import io.athanor.api.web.Reads;
import io.athanor.codec.Json;
import io.athanor.domain.attestation.RoundEvent.RoundOpened;
import io.athanor.domain.attestation.Subject.DeliverySubject;
import io.athanor.domain.common.LeaseId;
import io.athanor.domain.common.RoundId;
import io.athanor.domain.query.Queries.FindRound;
import io.athanor.domain.query.Queries.ListDeliveries;
import io.athanor.domain.view.RoundView;
import io.athanor.domain.wire.CheckerProtocol.Deliveries;
import io.athanor.domain.wire.CheckerProtocol.Delivery;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The deliveries of a round as JSON, read and written once for its whole committee: they have ended and do not change.
 * Kept for the newest rounds only, and only where none was missing.
 */
final class RoundDeliveries {
    private static final int ROUNDS_KEPT = 32;
    /** Rounds whose clients ordered more than this are read again for each checker. */
    private static final int KEPT_BYTES_MAX = 2 << 20;

    private final Reads reads;
    private final Map<RoundId, byte[]> kept = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<RoundId, byte[]> eldest) {
            return size() > ROUNDS_KEPT;
        }
    };

    RoundDeliveries(Reads reads) {
        this.reads = reads;
    }

    /** One reads for all who ask at the same moment. Error: {@link io.athanor.domain.common.Refused} NOT_FOUND. */
    synchronized byte[] of(RoundId round) {
        byte[] known = kept.get(round);
        if (known != null) {
            return known;
        }
        RoundOpened opened = reads.get(new FindRound(round), RoundView.class, "round " + round)
                .opened();
        Deliveries found = new Deliveries(read(reads, leases(opened)));
        byte[] json = Json.bytes(found);
        if (found.deliveries().size() == opened.subjects().size() && json.length <= KEPT_BYTES_MAX) {
            kept.put(round, json);
        }
        return json;
    }

    /** The leases whose deliveries the round judges, in its order. */
    static List<LeaseId> leases(RoundOpened opened) {
        return opened.subjects().stream()
                .filter(DeliverySubject.class::isInstance)
                .map(subject -> ((DeliverySubject) subject).lease())
                .toList();
    }

    /** In the order of the leases; those without a receipt are left out. */
    static List<Delivery> read(Reads reads, List<LeaseId> leases) {
        Map<LeaseId, Delivery> found = new HashMap<>();
        for (Delivery delivery :
                reads.page(new ListDeliveries(leases), Delivery.class).items()) {
            found.put(delivery.lease().id(), delivery);
        }
        return leases.stream().map(found::get).filter(Objects::nonNull).toList();
    }
}
