package io.athanor.api.relay;

import io.athanor.api.auth.Caller;
import io.athanor.api.relay.Relays.Granted;
import io.athanor.api.web.Reads;
import io.athanor.domain.common.JobId;
import io.athanor.domain.common.LeaseId;
import io.athanor.domain.common.Limits;
import io.athanor.domain.common.MachineId;
import io.athanor.domain.common.Reason;
import io.athanor.domain.common.Refused;
import io.athanor.domain.port.AgentMail;
import io.athanor.domain.query.Queries.FindJob;
import io.athanor.domain.view.JobView;
import io.athanor.domain.view.TaskView;
import io.athanor.domain.wire.AgentProtocol.AgentOrder;
import io.athanor.domain.wire.AgentProtocol.AgentOrder.Connect;
import io.athanor.domain.wire.AgentProtocol.AgentOrder.Execute;
import io.athanor.domain.wire.AgentProtocol.StreamEnded;
import io.athanor.domain.wire.AgentProtocol.StreamTaken;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * Ways into one's own running job: a grant for one stream, then its bytes both ways. Only the wallet that ordered the job
 * gets a grant, the network's operators do not; who has the grant's token has that stream and nothing else.
 */
@RestController
@RequestMapping("/v1")
class StreamsController {
    static final String TOKEN = "Athanor-Stream-Token";
    static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Relays relays;
    private final Reads reads;
    private final AgentMail mail;

    StreamsController(Relays relays, Reads reads, AgentMail mail) {
        this.relays = relays;
        this.reads = reads;
        this.mail = mail;
    }

    /** What to reach: a command to execute, or a TCP port, and not both. */
    record OpenStream(
            int task,
            @Nullable List<String> command,
            @Nullable Integer port) {}

    /** @param token proves the grant in every request of the stream; first used before {@code expiresAt} */
    record Grant(String stream, String token, Instant expiresAt) {}

    /**
     * @param base64 bytes from the asked offset on
     * @param end no byte follows these
     * @param exitCode of an executed command, with the end
     * @param failure why it broke, with the end
     */
    record StreamOutput(
            String base64,
            boolean end,
            @Nullable Integer exitCode,
            @Nullable String failure) {}

    @PostMapping("/jobs/{id}/streams")
    Grant openStream(@PathVariable JobId id, @RequestBody OpenStream wanted) {
        requireBounds(wanted);
        TaskView task = ownRunning(id, wanted.task());
        LeaseId lease = task.lease();
        MachineId machine = task.machine();
        if (lease == null || machine == null) {
            throw new Refused(Reason.WRONG_STATE, "task " + task.id() + " has no machine");
        }
        Granted granted = relays.grant(Caller.current(Caller.Account.class).wallet(), lease, machine);
        String stream = granted.relay().id;
        if (!mail.post(machine, order(wanted, lease, stream))) {
            relays.forget(granted.relay());
            throw new Refused(Reason.UNAVAILABLE, "machine " + machine + " is not connected to this node");
        }
        return new Grant(stream, granted.token(), granted.relay().grantEnds);
    }

    private static AgentOrder order(OpenStream wanted, LeaseId lease, String stream) {
        Integer port = wanted.port();
        return port == null
                ? new Execute(lease, stream, Objects.requireNonNullElse(wanted.command(), List.of()))
                : new Connect(lease, stream, port);
    }

    private static void requireBounds(OpenStream wanted) {
        List<String> command = Objects.requireNonNullElse(wanted.command(), List.of());
        Integer port = wanted.port();
        Refused.unless(
                command.isEmpty() == (port != null), Reason.MALFORMED, "a stream has either a command or a port");
        Refused.unless(port == null || port >= 1 && port <= 65_535, Reason.MALFORMED, "port must lie in 1..65535");
        Refused.unless(
                command.size() <= Limits.COMMAND_ARGS
                        && command.stream().allMatch(word -> word.length() <= Limits.COMMAND_ARG_CHARS),
                Reason.TOO_LARGE,
                "a command has at most " + Limits.COMMAND_ARGS + " words of " + Limits.COMMAND_ARG_CHARS
                        + " characters");
    }

    private TaskView ownRunning(JobId id, int index) {
        JobView job = reads.get(new FindJob(id), JobView.class, "job " + id);
        Refused.unless(
                Caller.current(Caller.Account.class).wallet().equals(job.client()),
                Reason.NOT_ALLOWED,
                "only " + job.client() + " may enter this job");
        TaskView task = job.tasks().stream()
                .filter(known -> known.id().index() == index)
                .findFirst()
                .orElseThrow(() -> new Refused(Reason.NOT_FOUND, "job " + id + " has no task " + index));
        Refused.unless(
                task.state().equals("RUNNING"),
                Reason.WRONG_STATE,
                "task " + task.id() + " is " + task.state() + ", and only a running one can be entered");
        return task;
    }

    @PostMapping("/streams/{stream}/input")
    StreamTaken sendToContainer(
            @PathVariable String stream,
            @RequestHeader(name = TOKEN, defaultValue = "") String token,
            @RequestParam(defaultValue = "0") long offset,
            @RequestParam(defaultValue = "false") boolean end,
            HttpServletRequest request)
            throws IOException {
        Relay relay = relays.ofClient(stream, token);
        byte[] bytes = piece(request);
        long next = relay.toContainer.write(offset, bytes, end, PATIENCE);
        relays.moved(relay);
        return new StreamTaken(next);
    }

    /** The bytes of a request, at most as many as a pipe holds. */
    static byte[] piece(HttpServletRequest request) throws IOException {
        byte[] bytes = request.getInputStream().readNBytes(RelayPipe.BYTES + 1);
        Refused.unless(
                bytes.length <= RelayPipe.BYTES,
                Reason.TOO_LARGE,
                "a piece of a stream has at most " + RelayPipe.BYTES + " bytes");
        return bytes;
    }

    @GetMapping("/streams/{stream}/output")
    StreamOutput readFromContainer(
            @PathVariable String stream,
            @RequestHeader(name = TOKEN, defaultValue = "") String token,
            @RequestParam(defaultValue = "0") long offset) {
        Relay relay = relays.ofClient(stream, token);
        RelayPipe.Piece piece = relay.toClient.read(offset, PATIENCE);
        StreamEnded ended = piece.end() ? relay.ended() : null;
        if (piece.bytes().length > 0) {
            relays.moved(relay);
        }
        if (piece.end()) {
            relays.endRead(relay);
        }
        return new StreamOutput(
                Base64.getEncoder().encodeToString(piece.bytes()),
                piece.end(),
                ended == null ? null : ended.exitCode(),
                ended == null ? null : ended.failure());
    }
}
