package io.athanor.agent.run;

import io.athanor.agent.docker.Observed;
import io.athanor.agent.lease.LeaseStage.Running;
import io.athanor.agent.logs.LogRing;
import io.athanor.agent.outputs.OutputCollector;
import io.athanor.agent.outputs.OutputCollector.OutputsRefused;
import io.athanor.codec.Json;
import io.athanor.crypto.Ed25519;
import io.athanor.domain.common.LeaseId;
import io.athanor.domain.hash.Hex;
import io.athanor.domain.job.Ending;
import io.athanor.domain.job.Receipt;
import io.athanor.domain.wire.AgentProtocol.AgentOrder.Start;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes and signs receipts. Every receipt of a lease that ran is made here, once, after its log has ended. */
final class Receipts {
    private final RunContext context;
    private final LeaseFolder folder;

    Receipts(RunContext context, LeaseFolder folder) {
        this.context = context;
        this.folder = folder;
    }

    /** For a lease of which no process ran. */
    Receipt withoutRun(Start order, Ending ending, LogRing log) {
        Instant now = context.serverTime().instant();
        return sign(receipt(order.lease(), "", order, ending, null, now, now, 0, List.of(), log, null));
    }

    /**
     * For a container that no longer runs. More outputs than agreed turn success into {@link Ending#OUTPUT_LIMIT}; the
     * reason is noted in the log.
     *
     * @param ended null where the container is gone
     */
    Receipt of(Start order, Running run, Ending ending, @Nullable Observed ended, Duration ran, LogRing log)
            throws IOException {
        Ending verdict = ending;
        List<Receipt.Output> outputs = List.of();
        try {
            if (ended != null) {
                outputs = collect(log);
            }
        } catch (OutputsRefused refused) {
            log.note("OUTPUT_LIMIT: " + refused.getMessage());
            verdict = ending == Ending.COMPLETED ? Ending.OUTPUT_LIMIT : ending;
        }
        log.finish();
        Instant endedAt = ended == null || ended.finishedAt() == null
                ? context.serverTime().instant()
                : ended.finishedAt();
        Integer exitCode = ended == null ? null : Math.toIntExact(ended.exitCode());
        return sign(receipt(
                order.lease(),
                run.container(),
                order,
                verdict,
                exitCode,
                run.startedAt(),
                endedAt,
                ran.toMillis(),
                outputs,
                log,
                context.streams().apply(order.lease())));
    }

    private List<Receipt.Output> collect(LogRing log) throws IOException, OutputsRefused {
        OutputCollector.Outputs found =
                OutputCollector.collect(folder.out(), context.settings().outputs());
        for (String skipped : found.skipped()) {
            log.note("not delivered, since it is no readable regular file: /out/" + skipped);
        }
        return found.files();
    }

    private static Receipt receipt(
            LeaseId lease,
            String container,
            Start order,
            Ending ending,
            @Nullable Integer exitCode,
            Instant startedAt,
            Instant endedAt,
            long runMillis,
            List<Receipt.Output> outputs,
            LogRing log,
            Receipt.@Nullable Quality streams) {
        return new Receipt(
                lease,
                container,
                order.spec().image(),
                ending,
                exitCode,
                startedAt,
                endedAt,
                runMillis,
                outputs,
                log.digest(),
                log.end(),
                streams,
                "");
    }

    private Receipt sign(Receipt unsigned) {
        byte[] signature = Ed25519.sign(context.device(), signedBytes(unsigned));
        return unsigned.signed(Hex.encode(signature));
    }

    /** What the device key signs: the receipt's canonical JSON without its signature. */
    static byte[] signedBytes(Receipt receipt) {
        return Json.canonical(receipt.unsigned());
    }
}
