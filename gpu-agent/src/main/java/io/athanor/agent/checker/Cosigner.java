package io.athanor.agent.checker;

import io.athanor.agent.server.SignedHttp;
import io.athanor.audit.ExportLine;
import io.athanor.audit.Replay;
import io.athanor.crypto.Secp256k1;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.hash.Hex;
import io.athanor.domain.signing.TypedSettlement;
import io.athanor.domain.wire.CheckerProtocol.Cosign;
import io.athanor.domain.wire.CheckerProtocol.CosignDuty;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Signs a batch, a root of withdrawals or a signer set only after replaying the whole history up to it: every rule
 * recomputed, every signature checked, and the thing found there as it is to be signed. The replay goes on from one to the
 * next; one difference ends all signing.
 */
final class Cosigner {
    private static final Logger LOG = LoggerFactory.getLogger(Cosigner.class);

    private final SignedHttp http;
    private final Secp256k1.KeyPair attester;
    private final NetworkTerms terms;
    private final Replay replay = new Replay().withoutDelays();
    private final Found found = new Found(replay);
    private long replayedTo;

    Cosigner(SignedHttp http, Secp256k1.KeyPair attester, NetworkTerms terms) {
        this.http = http;
        this.attester = attester;
        this.terms = terms;
    }

    /** Replays up to it and signs it, or says why not. */
    void sign(CosignDuty duty) throws IOException, InterruptedException {
        replayTo(duty.exportUpTo());
        Replay.Result result = replay.result();
        String what = duty.kind() + " " + duty.number();
        if (!result.matches()) {
            LOG.error("{} is not signed: the history does not hold: {}", what, result.problems());
        } else if (!found.holds(duty)) {
            LOG.error("{} is not signed: the history has it otherwise than {}", what, duty);
        } else {
            Hash32 digest = terms.domain().digest(TypedSettlement.of(duty));
            String signature = Hex.encode(Secp256k1.sign(attester, digest));
            http.postOnly("/checker/v1/cosign/" + duty.kind() + "/" + duty.number(), new Cosign(signature));
            LOG.info("{} is signed after {} events", what, result.events());
        }
    }

    private void replayTo(long index) throws IOException, InterruptedException {
        if (index <= replayedTo) {
            return;
        }
        String path = "/checker/v1/export?after=" + replayedTo + "&upTo=" + index;
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(http.getStream(path), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                accept(ExportLine.parse(line));
            }
        }
    }

    /** By the canonical form of what was read, so that the roots that are signed are over nothing else. */
    private void accept(ExportLine line) {
        replay.accept(line);
        replayedTo = line.number();
        found.take(line.event());
    }
}
