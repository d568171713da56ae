package io.athanor.api.relay;

import io.athanor.api.auth.Caller;
import io.athanor.domain.common.Limits;
import io.athanor.domain.wire.AgentProtocol.StreamEnded;
import io.athanor.domain.wire.AgentProtocol.StreamInput;
import io.athanor.domain.wire.AgentProtocol.StreamTaken;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.Base64;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The machine's end of relayed streams. */
@RestController
@RequestMapping("/agent/v1/streams/{stream}")
class AgentStreamsController {
    private final Relays relays;

    AgentStreamsController(Relays relays) {
        this.relays = relays;
    }

    @GetMapping("/input")
    StreamInput readInput(@PathVariable String stream, @RequestParam long offset) {
        RelayPipe.Piece piece = relay(stream).toContainer.read(offset, StreamsController.PATIENCE);
        return new StreamInput(Base64.getEncoder().encodeToString(piece.bytes()), piece.end());
    }

    @PostMapping("/output")
    StreamTaken writeOutput(@PathVariable String stream, @RequestParam long offset, HttpServletRequest request)
            throws IOException {
        Relay relay = relay(stream);
        byte[] bytes = StreamsController.piece(request);
        long next = relay.toClient.write(offset, bytes, false, StreamsController.PATIENCE);
        relays.moved(relay);
        return new StreamTaken(next);
    }

    @PostMapping("/end")
    void endStream(@PathVariable String stream, @RequestBody StreamEnded end) {
        relays.ended(relay(stream), new StreamEnded(end.exitCode(), shortened(end.failure())));
    }

    private static @Nullable String shortened(@Nullable String failure) {
        return failure == null ? null : failure.substring(0, Math.min(failure.length(), Limits.REASON_CHARS));
    }

    private Relay relay(String stream) {
        return relays.ofMachine(stream, Caller.current(Caller.Machine.class).machine());
    }
}
