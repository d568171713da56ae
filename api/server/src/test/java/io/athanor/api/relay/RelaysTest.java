package io.athanor.api.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.athanor.api.relay.Relays.Granted;
import io.athanor.domain.common.JobId;
import io.athanor.domain.common.LeaseId;
import io.athanor.domain.common.MachineId;
import io.athanor.domain.common.Reason;
import io.athanor.domain.common.Refused;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.wire.AgentProtocol.StreamEnded;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class RelaysTest {
    private static final Duration NO_TIME = Duration.ZERO;
    private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");

    private final AtomicReference<Instant> now = new AtomicReference<>(BEGIN);
    private final Relays relays = new Relays(now::get, 20);
    private final LeaseId lease = new JobId(new UUID(1, 1)).task(0).lease(1);
    private final Wallet client = Wallet.parse("0x00000000000000000000000000000000000000c1");
    private final MachineId machine = new MachineId(new UUID(2, 2));

    private void passes(Duration time) {
        now.updateAndGet(then -> then.plus(time));
    }

    private static void assertRefused(Reason reason, ThrowingCallable call) {
        assertThatExceptionOfType(Refused.class)
                .isThrownBy(call)
                .extracting(Refused::reason)
                .isEqualTo(reason);
    }

    @Test
    void aGrantIsForWhoeverHasItsTokenAndForItsMachine() {
        Granted granted = relays.grant(client, lease, machine);
        String id = granted.relay().id;
        assertThat(relays.ofClient(id, granted.token())).isSameAs(granted.relay());
        assertThat(relays.ofMachine(id, machine)).isSameAs(granted.relay());

        Granted other = relays.grant(client, lease, machine);
        assertRefused(Reason.NOT_ALLOWED, () -> relays.ofClient(id, other.token()));
        assertRefused(Reason.NOT_ALLOWED, () -> relays.ofClient(id, ""));
        assertRefused(Reason.NOT_ALLOWED, () -> relays.ofMachine(id, new MachineId(new UUID(3, 3))));
        assertRefused(Reason.NOT_FOUND, () -> relays.ofClient("another", granted.token()));
    }

    @Test
    void aGrantThatIsNotUsedInTimeHasExpiredAndAUsedOneLivesOn() {
        Granted unused = relays.grant(client, lease, machine);
        Granted used = relays.grant(client, lease, machine);
        passes(Relay.GRANT);
        relays.ofClient(used.relay().id, used.token());
        passes(Duration.ofSeconds(1));
        assertRefused(Reason.SIGNATURE_EXPIRED, () -> relays.ofClient(unused.relay().id, unused.token()));
        assertThat(relays.ofClient(used.relay().id, used.token())).isSameAs(used.relay());
        assertRefused(Reason.NOT_FOUND, () -> relays.ofMachine(unused.relay().id, machine));
    }

    @Test
    void aStreamOnWhichNothingMovesForLongIsOver() {
        Granted granted = relays.grant(client, lease, machine);
        Relay relay = relays.ofClient(granted.relay().id, granted.token());
        passes(Relay.IDLE.minusSeconds(1));
        relays.moved(relay);
        passes(Relay.IDLE.minusSeconds(1));
        assertThat(relays.ofMachine(relay.id, machine)).isSameAs(relay);
        passes(Duration.ofSeconds(2));
        assertRefused(Reason.NOT_FOUND, () -> relays.ofMachine(relay.id, machine));
        assertRefused(Reason.SIGNATURE_EXPIRED, () -> relays.ofClient(relay.id, granted.token()));
    }

    @Test
    void oneContainerHasSoManyStreamsAndAnEndedOneMakesRoom() {
        Relay first = relays.grant(client, lease, machine).relay();
        for (int i = 1; i < Relays.PER_LEASE; i++) {
            relays.grant(client, lease, machine);
        }
        assertRefused(Reason.LIMIT_REACHED, () -> relays.grant(client, lease, machine));
        assertThat(relays.grant(client, lease.task().lease(2), machine)).isNotNull();
        first.end(new StreamEnded(0, null));
        assertThat(relays.grant(client, lease, machine)).isNotNull();
    }

    /** Else the streams of many cheap leases of one wallet would shut out everybody. */
    @Test
    void oneWalletHasSoManyStreamsAndAnotherIsNotHeldUp() {
        List<Granted> granted = IntStream.range(0, 20)
                .mapToObj(i -> relays.grant(client, lease.task().lease(1 + i), machine))
                .toList();
        LeaseId next = lease.task().lease(100);
        assertRefused(Reason.LIMIT_REACHED, () -> relays.grant(client, next, machine));
        Wallet another = Wallet.parse("0x00000000000000000000000000000000000000c2");
        assertThat(relays.grant(another, next, machine)).isNotNull();

        Relay first = relays.ofClient(
                granted.getFirst().relay().id, granted.getFirst().token());
        relays.ended(first, new StreamEnded(0, null));
        assertRefused(Reason.LIMIT_REACHED, () -> relays.grant(client, next, machine));
        relays.endRead(first);
        assertThat(relays.grant(client, next, machine)).isNotNull();
    }

    @Test
    void aStreamWhoseEndWasReadIsForgottenSoonAndHoldsNoInput() {
        Granted granted = relays.grant(client, lease, machine);
        Relay relay = relays.ofClient(granted.relay().id, granted.token());
        relay.toContainer.write(0, new byte[100], false, NO_TIME);
        relay.toClient.write(0, new byte[] {7}, false, NO_TIME);
        passes(Relay.GRANT.plusSeconds(1));
        relays.ended(relay, new StreamEnded(0, null));
        assertThat(relay.toContainer.bytes()).isZero();
        passes(Relay.GRANT.minusSeconds(1));
        relays.sweep();
        assertThat(relays.ofClient(relay.id, granted.token())
                        .toClient
                        .read(0, NO_TIME)
                        .bytes())
                .as("its end waits to be read")
                .containsExactly(7);

        relays.endRead(relay);
        passes(Relay.REREAD);
        relays.sweep();
        assertThat(relays.ofClient(relay.id, granted.token())
                        .toClient
                        .read(0, NO_TIME)
                        .bytes())
                .as("once more, where the answer was lost")
                .containsExactly(7);
        passes(Duration.ofSeconds(1));
        relays.sweep();
        assertThat(relays.kept()).isZero();
        assertRefused(Reason.NOT_FOUND, () -> relays.ofClient(relay.id, granted.token()));
    }

    @Test
    void whatIsOverIsForgottenWithoutAnotherGrant() {
        relays.grant(client, lease, machine);
        Granted granted = relays.grant(client, lease, machine);
        Relay used = relays.ofClient(granted.relay().id, granted.token());
        passes(Relay.GRANT.plusSeconds(1));
        relays.sweep();
        assertThat(relays.kept()).as("the unused grant is gone").isEqualTo(1);
        passes(Relay.IDLE);
        relays.sweep();
        assertThat(relays.kept()).isZero();
        assertThat(used.ended()).isNotNull();
    }

    @Test
    void aRepeatChangesNothingAndReadingFreesRoom() {
        RelayPipe pipe = new RelayPipe();
        assertThat(pipe.write(0, new byte[] {1, 2, 3}, false, NO_TIME)).isEqualTo(3);
        assertThat(pipe.write(0, new byte[] {1, 2, 3}, false, NO_TIME)).isEqualTo(3);
        assertThat(pipe.write(2, new byte[] {3, 4}, false, NO_TIME)).isEqualTo(4);
        assertThat(pipe.read(0, NO_TIME).bytes()).containsExactly(1, 2, 3, 4);
        assertThat(pipe.read(0, NO_TIME).bytes()).containsExactly(1, 2, 3, 4);
        assertThat(pipe.read(3, NO_TIME).bytes()).containsExactly(4);
        assertRefused(Reason.MALFORMED, () -> pipe.read(2, NO_TIME));
        assertRefused(Reason.MALFORMED, () -> pipe.write(5, new byte[1], false, NO_TIME));

        byte[] much = new byte[RelayPipe.BYTES];
        assertThat(pipe.write(4, much, true, NO_TIME)).isEqualTo(3 + RelayPipe.BYTES);
        assertThat(pipe.write(3 + RelayPipe.BYTES, much, true, NO_TIME)).isEqualTo(3 + RelayPipe.BYTES);
        assertThat(pipe.read(3 + RelayPipe.BYTES, NO_TIME).end()).isFalse();
        assertThat(pipe.write(3 + RelayPipe.BYTES, new byte[1], true, NO_TIME)).isEqualTo(4 + RelayPipe.BYTES);
        RelayPipe.Piece last = pipe.read(3 + RelayPipe.BYTES, NO_TIME);
        assertThat(last.bytes()).containsExactly(0);
        assertThat(last.end()).isTrue();
    }
}
