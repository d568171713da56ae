package io.athanor.domain.view;

import io.athanor.domain.attestation.Consistency;
import io.athanor.domain.attestation.RoundEvent.RoundOpened;
import io.athanor.domain.attestation.Verdict;
import io.athanor.domain.common.RoundId;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A round as it stands: OPEN, FINALIZED or INCONCLUSIVE. */
public record RoundView(
        RoundId id,
        String state,
        RoundOpened opened,
        int committed,
        int revealed,
        List<Verdict> verdicts,
        List<Consistency> consistency,
        @Nullable Instant closedAt,
        long asOf) {}
