package io.athanor.agent.checker;

import io.athanor.agent.server.SignedHttp;
import io.athanor.audit.ExportLine;
import io.athanor.audit.Replay;
import io.athanor.crypto.Secp256k1;
import io.athanor.domain.common.Event;
import io.athanor.domain.epoch.Batch;
import io.athanor.domain.epoch.EpochEvent.SettlementBatched;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.hash.Hex;
import io.athanor.domain.signing.TypedSettlement;
import io.athanor.domain.wire.CheckerProtocol.Approve;
import io.athanor.domain.wire.CheckerProtocol.BatchDuty;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Signs a batch only after replaying the whole history up to it: every rule recomputed, every signature checked, and the
 * batch found there as it is to be signed. The replay goes on from batch to batch; one difference ends all signing.
 */
final class BatchSigner {
    private static final Logger LOG = LoggerFactory.getLogger(BatchSigner.class);

    private final SignedHttp http;
    private final Secp256k1.KeyPair attester;
    private final NetworkTerms terms;
    private final Replay replay = new Replay();
    private final Map<Long, SettlementBatched> batches = new HashMap<>();
    private long replayedTo;

    BatchSigner(SignedHttp http, Secp256k1.KeyPair attester, NetworkTerms terms) {
        this.http = http;
        this.attester = attester;
        this.terms = terms;
    }

    /** Replays up to the batch and signs it, or says why not. */
    void sign(BatchDuty duty) throws IOException, InterruptedException {
        replayTo(duty.exportUpTo());
        Batch batch = duty.batch();
        Replay.Result result = replay.result();
        SettlementBatched found = batches.get(batch.seq());
        if (!result.matches()) {
            LOG.error("batch {} is not signed: the history does not hold: {}", batch.seq(), result.problems());
        } else if (found == null || !found.batch().equals(batch) || found.epoch() != duty.epoch()) {
            LOG.error("batch {} is not signed: the history has {}", batch.seq(), found);
        } else {
            Hash32 digest = terms.domain().digest(TypedSettlement.batch(batch, duty.epoch(), duty.setVersion()));
            String signature = Hex.encode(Secp256k1.sign(attester, digest));
            http.postOnly("/checker/v1/batches/" + batch.seq() + "/approve", new Approve(batch.seq(), signature));
            LOG.info("batch {} is signed after {} events", batch.seq(), result.events());
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

    private void accept(ExportLine line) {
        replay.accept(line);
        replayedTo = line.number();
        Event event = line.event();
        if (event instanceof SettlementBatched batched) {
            batches.put(batched.batch().seq(), batched);
        }
    }
}
