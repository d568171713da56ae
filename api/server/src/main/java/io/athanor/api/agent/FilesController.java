package io.athanor.api.agent;

import io.athanor.api.auth.Caller;
import io.athanor.api.rest.Blobs;
import io.athanor.domain.common.LeaseId;
import io.athanor.domain.common.Limits;
import io.athanor.domain.common.MachineId;
import io.athanor.domain.common.Reason;
import io.athanor.domain.common.Refused;
import io.athanor.domain.common.Sha256;
import io.athanor.domain.port.BlobStore;
import io.athanor.domain.port.LogStore;
import io.athanor.domain.wire.AgentProtocol.BlobStored;
import io.athanor.domain.wire.AgentProtocol.LogAccepted;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Logs and files of the leases a machine holds. */
@RestController
@RequestMapping("/agent/v1")
class FilesController {
    private final Leases leases;
    private final LogStore logs;
    private final BlobStore blobs;
    private final OutputIntake outputs;

    FilesController(Leases leases, LogStore logs, BlobStore blobs, OutputIntake outputs) {
        this.leases = leases;
        this.logs = logs;
        this.blobs = blobs;
        this.outputs = outputs;
    }

    @PostMapping("/logs/{lease}")
    LogAccepted log(@PathVariable LeaseId lease, @RequestParam long offset, HttpServletRequest request)
            throws IOException {
        leases.require(lease, machine());
        byte[] chunk = request.getInputStream().readAllBytes();
        Refused.unless(
                chunk.length <= Limits.LOG_CHUNK_BYTES,
                Reason.TOO_LARGE,
                "a log chunk has at most " + Limits.LOG_CHUNK_BYTES + " bytes");
        Refused.unless(
                offset >= 0 && offset + chunk.length <= Limits.LOG_BYTES,
                Reason.TOO_LARGE,
                "a log has at most " + Limits.LOG_BYTES + " bytes");
        return new LogAccepted(logs.append(lease, offset, chunk));
    }

    /** A file that a lease of this machine left; the task is not settled yet. */
    @PutMapping("/blobs/{digest}")
    BlobStored put(
            @PathVariable Sha256 digest,
            @RequestParam(required = false) @Nullable LeaseId lease,
            HttpServletRequest request)
            throws IOException {
        return new BlobStored(digest, outputs.take(lease, machine(), digest, request));
    }

    /** An input of a lease that this machine holds now; no other file is its business. */
    @GetMapping("/blobs/{digest}")
    void get(@PathVariable Sha256 digest, HttpServletResponse response) throws IOException {
        leases.requireInput(digest, machine());
        Blobs.send(blobs, digest, response);
    }

    private static MachineId machine() {
        return Caller.current(Caller.Machine.class).machine();
    }
}
