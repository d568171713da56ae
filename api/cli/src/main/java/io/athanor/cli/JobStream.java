package io.athanor.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.athanor.domain.common.JobId;
import io.athanor.domain.common.TaskId;
import io.athanor.domain.wire.AgentProtocol.StreamTaken;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One stream into a running job, by the grant that opened it: bytes with offsets, so that a repeat changes nothing. */
final class JobStream {
    private static final int PIECE_BYTES = 32 << 10;

    private final Server server;
    private final String path;
    private final String token;

    private JobStream(Server server, Grant grant) {
        this.server = server;
        this.path = "/v1/streams/" + grant.stream();
        this.token = grant.token();
    }

    private record Wanted(
            int task,
            @Nullable List<String> command,
            @Nullable Integer port) {}

    private record Grant(String stream, String token, String expiresAt) {}

    /** How it ended. */
    record End(@Nullable Integer exitCode, @Nullable String failure) {}

    /** Asks for a stream to a command. */
    static JobStream execute(Server server, TaskId task, List<String> command) throws IOException {
        return open(server, task.job(), new Wanted(task.index(), command, null));
    }

    /** Asks for a stream to a port. */
    static JobStream connect(Server server, TaskId task, int port) throws IOException {
        return open(server, task.job(), new Wanted(task.index(), null, port));
    }

    private static JobStream open(Server server, JobId job, Wanted wanted) throws IOException {
        return new JobStream(server, server.post("/v1/jobs/" + job + "/streams", wanted, Grant.class));
    }

    /** Sends what comes in, until it ends. */
    void send(InputStream in) throws IOException {
        byte[] buffer = new byte[PIECE_BYTES];
        long next = 0;
        for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
            for (long end = next + read, begin = next; next < end; ) {
                byte[] piece = Arrays.copyOfRange(buffer, (int) (next - begin), read);
                next = taken(next, piece, false);
            }
        }
        taken(next, new byte[0], true);
    }

    private long taken(long offset, byte[] piece, boolean end) throws IOException {
        String input = path + "/input?offset=" + offset + "&end=" + end;
        return server.streamed("POST", input, token, piece, StreamTaken.class).nextOffset();
    }

    /** Writes what comes back, until it ends. */
    End receive(OutputStream out) throws IOException {
        long next = 0;
        while (true) {
            JsonNode piece =
                    server.streamed("GET", path + "/output?offset=" + next, token, new byte[0], JsonNode.class);
            byte[] bytes = Base64.getDecoder().decode(piece.path("base64").asText());
            out.write(bytes);
            out.flush();
            next += bytes.length;
            if (piece.path("end").asBoolean()) {
                return new End(
                        piece.path("exitCode").isInt() ? piece.path("exitCode").asInt() : null,
                        piece.path("failure").isTextual()
                                ? piece.path("failure").asText()
                                : null);
            }
        }
    }
}
