package io.athanor.api.rest;

import io.athanor.domain.common.Reason;
import io.athanor.domain.common.Refused;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The history for whoever wants to check it; nobody's permission is needed. */
@RestController
@RequestMapping("/v1/audit")
class AuditController {
    private final Export export;

    AuditController(Export export) {
        this.export = export;
    }

    @GetMapping(path = "/export", produces = "application/jsonl")
    void export(
            @RequestParam(defaultValue = "0") long after,
            @RequestParam(defaultValue = "" + Long.MAX_VALUE) long upTo,
            HttpServletResponse response)
            throws IOException {
        Refused.unless(after >= 0, Reason.MALFORMED, "after must not be negative");
        export.write(after, upTo, response);
    }
}
