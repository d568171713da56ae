package io.athanor.agent.server;

import io.athanor.domain.common.Limits;
import io.athanor.domain.wire.AgentProtocol.BandwidthTaken;
import java.io.IOException;
import java.io.InputStream;
import java.security.SecureRandom;

/**
 * How fast the line between this machine and the network's server is, over one connection each way. Only an enrolled machine
 * can measure it.
 *
 * @param downMbit from the server, in Mbit/s
 * @param upMbit to the server, in Mbit/s
 */
public record LineSpeed(long downMbit, long upMbit) {
    private static final String PATH = "/agent/v1/bandwidth";
    private static final int BUFFER_BYTES = 64 << 10;
    private static final long BITS = 8;
    private static final long NANOS_PER_MICRO = 1_000;

    /** Sends and fetches {@link Limits#BANDWIDTH_BYTES} each. Errors: as of {@link SignedHttp}. */
    public static LineSpeed measure(SignedHttp http) throws IOException, InterruptedException {
        return new LineSpeed(down(http), up(http));
    }

    private static long down(SignedHttp http) throws IOException, InterruptedException {
        long begin = System.nanoTime();
        long came = 0;
        try (InputStream in = http.getStream(PATH + "?bytes=" + Limits.BANDWIDTH_BYTES)) {
            byte[] buffer = new byte[BUFFER_BYTES];
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                came += read;
            }
        }
        return mbit(came, System.nanoTime() - begin);
    }

    private static long up(SignedHttp http) throws IOException, InterruptedException {
        byte[] piece = new byte[Limits.LOG_CHUNK_BYTES];
        new SecureRandom().nextBytes(piece);
        long begin = System.nanoTime();
        long taken = 0;
        while (taken < Limits.BANDWIDTH_BYTES) {
            long now = http.postBytes(PATH, piece, BandwidthTaken.class).bytes();
            if (now != piece.length) {
                throw new IOException("the server took " + now + " of " + piece.length + " bytes");
            }
            taken += now;
        }
        return mbit(taken, System.nanoTime() - begin);
    }

    /** Bits a microsecond are megabits a second. */
    private static long mbit(long bytes, long nanos) {
        return bytes * BITS / Math.max(1, nanos / NANOS_PER_MICRO);
    }
}
