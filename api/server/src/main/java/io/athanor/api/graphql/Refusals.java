package io.athanor.api.graphql;

import graphql.GraphQLError;
import graphql.schema.DataFetchingEnvironment;
import io.athanor.api.web.Problems;
import io.athanor.domain.common.Reason;
import io.athanor.domain.common.Refused;
import io.athanor.domain.wire.AgentProtocol.Problem;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.graphql.execution.DataFetcherExceptionResolverAdapter;
import org.springframework.graphql.execution.ErrorType;
import org.springframework.graphql.execution.SubscriptionExceptionResolverAdapter;
import org.springframework.stereotype.Component;

/** A refusal as a GraphQL error: the problem's code, type, status and next step are its extensions. */
@Component
final class Refusals extends DataFetcherExceptionResolverAdapter {
    private static final Logger LOG = LoggerFactory.getLogger(Refusals.class);

    @Override
    protected GraphQLError resolveToSingleError(Throwable failure, DataFetchingEnvironment environment) {
        return error(failure)
                .path(environment.getExecutionStepInfo().getPath())
                .location(environment.getField().getSourceLocation())
                .build();
    }

    private static GraphQLError.Builder<?> error(Throwable failure) {
        Refused known = Problems.refusedIn(failure);
        if (known == null) {
            LOG.error("a GraphQL field failed", failure);
        }
        Problem problem = Problems.of(
                known == null ? new Refused(Reason.UNAVAILABLE, "the request failed; the node's log says why") : known);
        return GraphQLError.newError()
                .errorType(kind(problem.status()))
                .message(problem.detail())
                .extensions(Map.of(
                        "code", problem.code(),
                        "type", problem.type(),
                        "status", problem.status(),
                        "nextStep", String.valueOf(problem.nextStep())));
    }

    /** The same for a subscription, which can fail after its first change. */
    @Component
    static final class OfSubscriptions extends SubscriptionExceptionResolverAdapter {
        @Override
        protected GraphQLError resolveToSingleError(Throwable failure) {
            return error(failure).build();
        }
    }

    private static ErrorType kind(int status) {
        return switch (status) {
            case 401 -> ErrorType.UNAUTHORIZED;
            case 403 -> ErrorType.FORBIDDEN;
            case 404 -> ErrorType.NOT_FOUND;
            case 503 -> ErrorType.INTERNAL_ERROR;
            default -> ErrorType.BAD_REQUEST;
        };
    }
}
