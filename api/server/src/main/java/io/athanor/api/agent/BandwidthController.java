package io.athanor.api.agent;

import io.athanor.domain.common.Limits;
import io.athanor.domain.common.Reason;
import io.athanor.domain.common.Refused;
import io.athanor.domain.wire.AgentProtocol.BandwidthTaken;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.security.SecureRandom;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Bytes for nothing, by which a machine measures its line to the network. What comes is counted and kept nowhere. */
@RestController
@RequestMapping("/agent/v1/bandwidth")
class BandwidthController {
    private static final int BLOCK_BYTES = 64 << 10;

    /** No line compresses it. */
    private final byte[] block = new byte[BLOCK_BYTES];

    BandwidthController() {
        new SecureRandom().nextBytes(block);
    }

    @GetMapping
    void down(@RequestParam long bytes, HttpServletResponse response) throws IOException {
        Refused.unless(
                bytes >= 1 && bytes <= Limits.BANDWIDTH_BYTES,
                Reason.MALFORMED,
                "bytes must lie in 1.." + Limits.BANDWIDTH_BYTES);
        response.setContentType(MediaType.APPLICATION_OCTET_STREAM_VALUE);
        response.setContentLengthLong(bytes);
        OutputStream out = response.getOutputStream();
        for (long left = bytes; left > 0; left -= BLOCK_BYTES) {
            out.write(block, 0, (int) Math.min(left, BLOCK_BYTES));
        }
    }

    @PostMapping
    BandwidthTaken up(HttpServletRequest request) throws IOException {
        return new BandwidthTaken(request.getInputStream().readAllBytes().length);
    }
}
