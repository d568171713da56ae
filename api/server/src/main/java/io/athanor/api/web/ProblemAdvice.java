package io.athanor.api.web;

import io.athanor.domain.common.Reason;
import io.athanor.domain.common.Refused;
import io.athanor.domain.wire.AgentProtocol.Problem;
import jakarta.servlet.http.HttpServletResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.web.ErrorResponse;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.async.AsyncRequestNotUsableException;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;

/** Turns every failure of a controller into a problem with a code of the catalogue. */
@RestControllerAdvice
final class ProblemAdvice {
    private static final Logger LOG = LoggerFactory.getLogger(ProblemAdvice.class);

    @ExceptionHandler
    ResponseEntity<Problem> any(Exception failure, HttpServletResponse response) throws Exception {
        if (failure instanceof AccessDeniedException || failure instanceof AsyncRequestNotUsableException) {
            throw failure;
        }
        if (response.isCommitted()) {
            LOG.debug("the answer broke off", failure);
            throw failure;
        }
        Problem problem = problem(failure);
        Problems.retryAfter(response, Reason.valueOf(problem.code()));
        return ResponseEntity.status(problem.status())
                .contentType(MediaType.parseMediaType(Problems.MEDIA_TYPE))
                .body(problem);
    }

    private static Problem problem(Exception failure) {
        Refused refused = Problems.refusedIn(failure);
        if (refused != null) {
            return Problems.of(refused);
        }
        if (failure instanceof MethodArgumentTypeMismatchException mismatch) {
            return Problems.of(new Refused(
                    Reason.MALFORMED, mismatch.getName() + ": " + rootMessage(mismatch), Reason.MALFORMED.nextStep()));
        }
        if (failure instanceof HttpMessageNotReadableException) {
            return Problems.of(new Refused(Reason.MALFORMED, "the request needs a JSON body"));
        }
        if (failure instanceof ErrorResponse response) {
            return ofHttp(response);
        }
        return Problems.of(Problems.refusalOf(failure));
    }

    private static Problem ofHttp(ErrorResponse response) {
        HttpStatusCode status = response.getStatusCode();
        String detail = String.valueOf(response.getBody().getDetail());
        Reason reason = Problems.reasonOf(status.value());
        return Problems.of(reason, status.value(), detail, reason.nextStep());
    }

    private static String rootMessage(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return String.valueOf(root.getMessage());
    }
}
