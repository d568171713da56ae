package io.athanor.api.checker;

import io.athanor.api.files.FileLimits;
import io.athanor.api.files.Intake;
import io.athanor.api.files.Intake.Body;
import io.athanor.api.files.Intake.Ledger;
import io.athanor.api.files.Intake.Sender;
import io.athanor.api.files.Intake.Share;
import io.athanor.api.web.Network;
import io.athanor.domain.common.Limits;
import io.athanor.domain.common.Reason;
import io.athanor.domain.common.Refused;
import io.athanor.domain.common.Sha256;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.port.BlobStore.Use;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import org.springframework.stereotype.Component;

/** Takes evidence: of checkers that have a round to report on, and of each so much in one epoch. */
@Component
final class EvidenceIntake {
    private final Intake intake;
    private final FileLimits limits;
    private final Evidence evidence;
    private final CheckerFiles files;
    private final Network network;
    private final InstantSource clock;

    EvidenceIntake(
            Intake intake,
            FileLimits limits,
            Evidence evidence,
            CheckerFiles files,
            Network network,
            InstantSource clock) {
        this.intake = intake;
        this.limits = limits;
        this.evidence = evidence;
        this.files = files;
        this.network = network;
        this.clock = clock;
    }

    /** The size. Error: {@link Refused} NOT_ALLOWED without a seat, LIMIT_REACHED, TOO_LARGE, MALFORMED. */
    long take(Wallet checker, Sha256 digest, HttpServletRequest request) throws IOException {
        if (!files.sits(checker)) {
            throw new Refused(
                    Reason.NOT_ALLOWED,
                    checker + " sits in no open round",
                    "Store evidence for a round of yours, while it is open; your duties name the rounds.");
        }
        Share share = new Share(
                new Sender(Use.EVIDENCE, checker.toString()),
                limits.evidenceBytes(),
                Limits.EVIDENCE_BYTES,
                "athanor.files.evidence-bytes, an epoch",
                "Send it in the next epoch, or send less; the operator can raise the limit.");
        Instant now = clock.instant();
        Ledger ledger = new Ledger() {
            @Override
            public long othersBytes() {
                return evidence.bytesSince(checker, network.beginOfEpoch(now), digest);
            }

            @Override
            public void stored(long bytes) {
                evidence.stored(digest, checker, bytes, now);
            }
        };
        return intake.take(share, ledger, digest, Body.of(request));
    }
}
