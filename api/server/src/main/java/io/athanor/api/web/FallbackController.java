package io.athanor.api.web;

import io.athanor.domain.common.Reason;
import io.athanor.domain.wire.AgentProtocol.Problem;
import io.swagger.v3.oas.annotations.Hidden;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import org.springframework.boot.webmvc.error.ErrorController;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** What the servlet container itself gives up on becomes a problem too, in place of a page. */
@RestController
@Hidden
class FallbackController implements ErrorController {
    private static final int FAILED = 500;

    @RequestMapping("/error")
    ResponseEntity<Problem> failed(HttpServletRequest request) {
        Object given = request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE);
        int status = given instanceof Integer known ? known : FAILED;
        Reason reason = Problems.reasonOf(status);
        Problem problem = Problems.of(reason, status, "the request failed with status " + status, reason.nextStep());
        return ResponseEntity.status(status)
                .contentType(MediaType.parseMediaType(Problems.MEDIA_TYPE))
                .body(problem);
    }
}
