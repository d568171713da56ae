package io.athanor.api.relay;

import io.athanor.domain.common.LeaseId;
import io.athanor.domain.common.MachineId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.wire.AgentProtocol.StreamEnded;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** One stream between a client and a container. Its two ends may come and go; what they exchange carries offsets. */
final class Relay {
    /** How long a grant waits for its first use. */
    static final Duration GRANT = Duration.ofSeconds(60);

    /** How long a stream whose end was read stays for a reader that lost the answer. */
    static final Duration REREAD = Duration.ofSeconds(10);

    /** How long neither side may send a byte. */
    static final Duration IDLE = Duration.ofMinutes(10);

    final String id;
    final Wallet client;
    final LeaseId lease;
    final MachineId machine;
    final String tokenDigest;
    final Instant grantEnds;
    final RelayPipe toContainer = new RelayPipe();
    final RelayPipe toClient = new RelayPipe();
    private volatile boolean used;
    private volatile Instant movedAt;
    private volatile @Nullable StreamEnded end;
    private volatile @Nullable Instant endRead;

    Relay(String id, Wallet client, LeaseId lease, MachineId machine, String tokenDigest, Instant now) {
        this.id = id;
        this.client = client;
        this.lease = lease;
        this.machine = machine;
        this.tokenDigest = tokenDigest;
        this.grantEnds = now.plus(GRANT);
        this.movedAt = now;
    }

    /** The client is here. */
    void use(Instant now) {
        if (!used) {
            used = true;
            movedAt = now;
        }
    }

    /** A byte went either way. */
    void moved(Instant now) {
        movedAt = now;
    }

    /** The client has its end. */
    void endRead(Instant now) {
        if (endRead == null) {
            endRead = now;
        }
    }

    /** Whether a client may still want something of it. */
    boolean isOpen() {
        return endRead == null;
    }

    /** Whether nobody may use it any more: its grant ran out before the first use, its end was read, or nothing moved for long. */
    boolean isOver(Instant now) {
        Instant read = endRead;
        if (read != null) {
            return now.isAfter(read.plus(REREAD));
        }
        return used ? now.isAfter(movedAt.plus(end == null ? IDLE : GRANT)) : now.isAfter(grantEnds);
    }

    /** The first end counts. What the container did not read, nobody will. */
    synchronized void end(StreamEnded said) {
        if (end == null) {
            end = said;
        }
        toContainer.discard();
        toClient.end();
    }

    @Nullable StreamEnded ended() {
        return end;
    }
}
