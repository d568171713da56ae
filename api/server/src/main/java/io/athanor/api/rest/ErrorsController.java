package io.athanor.api.rest;

import io.athanor.domain.common.Reason;
import io.athanor.domain.common.Refused;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** What a problem's {@code type} leads to. */
@RestController
@RequestMapping("/errors")
class ErrorsController {
    record ErrorType(String code, int status, String nextStep) {}

    @GetMapping("/{code}")
    ErrorType get(@PathVariable String code) {
        for (Reason reason : Reason.values()) {
            if (reason.name().equals(code)) {
                return new ErrorType(code, reason.status(), reason.nextStep());
            }
        }
        throw new Refused(Reason.NOT_FOUND, "no error " + code);
    }
}
