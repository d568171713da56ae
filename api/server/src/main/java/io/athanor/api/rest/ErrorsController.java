package io.athanor.api.rest;

import io.athanor.domain.common.Reason;
import io.athanor.domain.common.Refused;
import io.athanor.domain.job.Ending;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** What a problem's {@code type} leads to, and the same of a task's {@code ending}. */
@RestController
@RequestMapping("/errors")
class ErrorsController {
    /** @param status the HTTP status of a refusal; null for a task's ending, which is no refusal */
    record ErrorType(String code, @Nullable Integer status, String nextStep) {}

    @GetMapping("/{code}")
    ErrorType get(@PathVariable String code) {
        for (Reason reason : Reason.values()) {
            if (reason.name().equals(code)) {
                return new ErrorType(code, reason.status(), reason.nextStep());
            }
        }
        for (Ending ending : Ending.values()) {
            if (ending.name().equals(code)) {
                return new ErrorType(code, null, ending.nextStep());
            }
        }
        throw new Refused(Reason.NOT_FOUND, "no error " + code);
    }
}
