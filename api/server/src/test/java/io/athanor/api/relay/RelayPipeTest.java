package io.athanor.api.relay;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.athanor.domain.common.Refused;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;

/** Two requests at once, which one that is sent again after a lost answer makes. */
class RelayPipeTest {
    private static final Duration LONG = Duration.ofMinutes(5);
    private static final byte[] HELLO = "hello".getBytes(UTF_8);

    private final RelayPipe pipe = new RelayPipe();

    /** Begins it, and comes back once it waits in the pipe. */
    private static <T> FutureTask<T> waiting(java.util.concurrent.Callable<T> call) {
        FutureTask<T> task = new FutureTask<>(call);
        Thread thread = Thread.ofPlatform().daemon().start(task);
        await().atMost(Duration.ofSeconds(30)).until(() -> thread.getState() == Thread.State.TIMED_WAITING);
        return task;
    }

    @Test
    void whatIsSentTwiceIntoAFullPipeComesOutOnce() throws Exception {
        pipe.write(0, new byte[RelayPipe.BYTES], false, LONG);
        List<FutureTask<Long>> same = List.of(
                waiting(() -> pipe.write(RelayPipe.BYTES, HELLO, false, LONG)),
                waiting(() -> pipe.write(RelayPipe.BYTES, HELLO, false, LONG)));
        assertThat(pipe.read(RelayPipe.BYTES - 1, LONG).bytes()).isNotEmpty();
        for (FutureTask<Long> write : same) {
            assertThat(write.get()).isEqualTo(RelayPipe.BYTES + HELLO.length);
        }
        assertThat(pipe.read(RelayPipe.BYTES, LONG).bytes()).isEqualTo(HELLO);
    }

    @Test
    void oneThatIsSentOnceComesOutOnceTheReaderMakesRoom() throws Exception {
        pipe.write(0, new byte[RelayPipe.BYTES], false, LONG);
        FutureTask<Long> write = waiting(() -> pipe.write(RelayPipe.BYTES, HELLO, true, LONG));
        pipe.read(RelayPipe.BYTES - 1, LONG);
        assertThat(write.get()).isEqualTo(RelayPipe.BYTES + HELLO.length);
        RelayPipe.Piece last = pipe.read(RelayPipe.BYTES, LONG);
        assertThat(last.bytes()).isEqualTo(HELLO);
        assertThat(last.end()).isTrue();
    }

    /** Repeats the write while the first waits, as the first gets all its room. */
    @Test
    void aRepeatThatWaitsWhileTheFirstIsTakenGoesHomeWithoutRoom() throws Exception {
        pipe.write(0, new byte[RelayPipe.BYTES], false, LONG);
        byte[] much = new byte[RelayPipe.BYTES];
        FutureTask<Long> first = waiting(() -> pipe.write(RelayPipe.BYTES, much, false, LONG));
        FutureTask<Long> again = waiting(() -> pipe.write(RelayPipe.BYTES, much, false, LONG));
        pipe.read(RelayPipe.BYTES, LONG);
        assertThat(first.get()).isEqualTo(2L * RelayPipe.BYTES);
        assertThat(again.get()).as("the pipe is full again").isEqualTo(2L * RelayPipe.BYTES);
    }

    /** Else it would take bytes from further on for those at its own offset. */
    @Test
    void aReaderThatAnotherOvertookIsToldSo() throws Exception {
        FutureTask<RelayPipe.Piece> alone = waiting(() -> pipe.read(0, LONG));
        pipe.write(0, HELLO, false, LONG);
        assertThat(alone.get().bytes()).isEqualTo(HELLO);

        FutureTask<RelayPipe.Piece> overtaken = waiting(() -> pipe.read(HELLO.length, LONG));
        pipe.lock.lock();
        try {
            pipe.write(HELLO.length, HELLO, false, LONG);
            pipe.read(HELLO.length + 2, LONG);
        } finally {
            pipe.lock.unlock();
        }
        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(overtaken::get)
                .withCauseInstanceOf(Refused.class);
    }
}
