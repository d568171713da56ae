package io.athanor.api.checker;

import io.athanor.api.auth.Caller;
import io.athanor.api.rest.Blobs;
import io.athanor.api.rest.Export;
import io.athanor.api.web.Reads;
import io.athanor.domain.attestation.RoundEvent.RoundOpened;
import io.athanor.domain.common.LeaseId;
import io.athanor.domain.common.MachineId;
import io.athanor.domain.common.Reason;
import io.athanor.domain.common.Refused;
import io.athanor.domain.common.RoundId;
import io.athanor.domain.common.Sha256;
import io.athanor.domain.port.AgentMail;
import io.athanor.domain.port.Approvals;
import io.athanor.domain.port.BlobStore;
import io.athanor.domain.query.Queries.FindDelivery;
import io.athanor.domain.query.Queries.FindMachine;
import io.athanor.domain.query.Queries.FindRound;
import io.athanor.domain.query.Queries.OpenRoundsOf;
import io.athanor.domain.view.MachineView;
import io.athanor.domain.view.Page;
import io.athanor.domain.view.RoundView;
import io.athanor.domain.wire.AgentProtocol.AgentOrder.Challenge;
import io.athanor.domain.wire.CheckerProtocol.Deliveries;
import io.athanor.domain.wire.CheckerProtocol.Delivery;
import io.athanor.domain.wire.CheckerProtocol.Duties;
import io.athanor.domain.wire.CheckerProtocol.Introduce;
import io.athanor.domain.wire.CheckerProtocol.Introduced;
import io.athanor.domain.wire.CheckerProtocol.MachineFacts;
import io.athanor.domain.wire.CheckerProtocol.RoundDuty;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** What a checker has to do, and what it needs to see for it. */
@RestController
@RequestMapping("/checker/v1")
class DutiesController {
    private static final Duration MAX_POLL = Duration.ofSeconds(10);
    private static final long POLL_MILLIS = 200;
    private static final int NONCE_CHARS = 200;

    private final Reads reads;
    private final Approvals approvals;
    private final AgentMail mail;
    private final BlobStore blobs;
    private final CheckerFiles files;
    private final Export export;
    private final RoundDeliveries deliveries;
    private final InstantSource clock;
    private volatile boolean stopping;

    DutiesController(
            Reads reads,
            Approvals approvals,
            AgentMail mail,
            BlobStore blobs,
            CheckerFiles files,
            Export export,
            InstantSource clock) {
        this.reads = reads;
        this.approvals = approvals;
        this.mail = mail;
        this.blobs = blobs;
        this.files = files;
        this.export = export;
        this.deliveries = new RoundDeliveries(reads);
        this.clock = clock;
    }

    /**
     * Answers at once where something can be done now, else when it can, at the latest after ten seconds. A checker that
     * names the newest round it knows is told of later ones alone, once.
     */
    @GetMapping("/duties")
    Duties duties(@RequestParam(defaultValue = "0") long after) {
        Caller.Checker checker = Caller.current(Caller.Checker.class);
        long deadline = System.nanoTime() + MAX_POLL.toNanos();
        Duties duties = look(checker, after);
        while (!stopping && !isUrgent(duties) && System.nanoTime() < deadline && pause()) {
            duties = look(checker, after);
        }
        return duties;
    }

    /** Before the web server waits for its requests to end. */
    @EventListener(ContextClosedEvent.class)
    void letPollsGo() {
        stopping = true;
    }

    private Duties look(Caller.Checker checker, long after) {
        Page<RoundDuty> rounds = reads.page(new OpenRoundsOf(checker.wallet(), after), RoundDuty.class);
        long newest = rounds.next() == null ? after : Long.parseLong(rounds.next());
        return new Duties(clock.instant(), rounds.items(), newest, approvals.waitingFor(checker.attester()));
    }

    private boolean isUrgent(Duties duties) {
        return !duties.cosign().isEmpty()
                || duties.rounds().stream().anyMatch(duty -> isUrgent(duty, duties.serverTime()));
    }

    private static boolean isUrgent(RoundDuty duty, Instant now) {
        boolean toCommit = !duty.committed() && now.isBefore(duty.round().commitUntil());
        boolean toReveal = duty.committed()
                && !duty.revealed()
                && !now.isBefore(duty.round().commitUntil())
                && now.isBefore(duty.round().revealUntil());
        return toCommit || toReveal;
    }

    private static boolean pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @PostMapping("/challenges")
    Introduced introduce(@RequestBody Introduce body) {
        Caller.Checker checker = Caller.current(Caller.Checker.class);
        Refused.unless(
                body.nonce().length() <= NONCE_CHARS,
                Reason.TOO_LARGE,
                "nonce has at most " + NONCE_CHARS + " characters");
        RoundOpened round = reads.get(new FindRound(body.round()), RoundView.class, "round " + body.round())
                .opened();
        Refused.unless(
                round.committee().stream().anyMatch(seat -> seat.checker().equals(checker.wallet())),
                Reason.NOT_IN_COMMITTEE,
                checker.wallet() + " is not in the committee of " + body.round());
        Refused.unless(
                round.subjects().stream()
                        .anyMatch(subject -> subject.key().equals(body.machine().toString())),
                Reason.NOT_ALLOWED,
                body.machine() + " is no subject of " + body.round());
        Challenge challenge =
                new Challenge(checker.endpoint(), body.nonce(), checker.wallet().address());
        return new Introduced(mail.post(body.machine(), challenge));
    }

    @GetMapping("/deliveries/{lease}")
    Delivery delivery(@PathVariable LeaseId lease) {
        return reads.get(new FindDelivery(lease), Delivery.class, "receipt for " + lease);
    }

    @GetMapping("/rounds/{round}/deliveries")
    @ApiResponse(
            responseCode = "200",
            description = "OK",
            content = @Content(schema = @Schema(implementation = Deliveries.class)))
    void deliveries(@PathVariable RoundId round, HttpServletResponse response) throws IOException {
        byte[] json = deliveries.of(round);
        response.setContentType(MediaType.APPLICATION_JSON_VALUE);
        response.setContentLength(json.length);
        response.getOutputStream().write(json);
    }

    @GetMapping("/machines/{id}")
    MachineFacts machine(@PathVariable MachineId id) {
        MachineView view = reads.get(new FindMachine(id), MachineView.class, "machine " + id);
        return new MachineFacts(view.id(), view.provider(), view.agentKey(), view.inventory(), view.score());
    }

    /** A stored file that a round of this checker judges; no other file is its business. */
    @GetMapping("/blobs/{digest}")
    void blob(@PathVariable Sha256 digest, HttpServletResponse response) throws IOException {
        files.require(Caller.current(Caller.Checker.class), digest);
        Blobs.send(blobs, digest, response);
    }

    @GetMapping("/export")
    void export(
            @RequestParam(defaultValue = "0") long after,
            @RequestParam(defaultValue = "" + Long.MAX_VALUE) long upTo,
            HttpServletResponse response)
            throws IOException {
        export.write(after, upTo, response);
    }
}
