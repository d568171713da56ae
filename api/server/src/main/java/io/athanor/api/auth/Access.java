package io.athanor.api.auth;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpMethod;

/**
 * The one table of who may call what. What no row names is denied.
 *
 * <p>Public rows are those whose answer is in the public history anyway, and those whose body is a command that carries
 * its own wallet signature. The two of a stream ask for the secret that its grant gave.
 */
public final class Access {
    static final String SIGNED_IN = "ROLE_SIGNED_IN";
    static final String OPERATOR = "ROLE_OPERATOR";
    static final String MACHINE = "ROLE_MACHINE";
    static final String CHECKER = "ROLE_CHECKER";
    /** In place of a right: anybody. */
    public static final String ANYBODY = "";

    private Access() {}

    /** @param method null for all methods */
    public record Row(@Nullable HttpMethod method, String path, String right) {}

    /** In order; the first row that fits decides. What machines, checkers and orders ask all the time comes first. */
    public static final List<Row> TABLE = List.of(
            post("/agent/v1/enroll", ANYBODY),
            any("/agent/v1/**", MACHINE),
            any("/checker/v1/**", CHECKER),
            post("/v1/jobs", ANYBODY),
            post("/v1/auth/nonce", ANYBODY),
            post("/v1/auth/verify", ANYBODY),
            post("/v1/auth/refresh", ANYBODY),
            post("/v1/auth/logout", ANYBODY),
            get("/v1/auth/me", SIGNED_IN),
            get("/v1/auth/api-keys", SIGNED_IN),
            post("/v1/auth/api-keys", SIGNED_IN),
            delete("/v1/auth/api-keys/*", SIGNED_IN),
            get("/v1/jobs/*/events", Scope.JOBS_READ.authority()),
            get("/v1/jobs/*/logs", Scope.JOBS_READ.authority()),
            get("/v1/jobs/*/logs/stream", Scope.JOBS_READ.authority()),
            get("/v1/jobs/*/usage", Scope.JOBS_READ.authority()),
            get("/v1/jobs/*/outputs", Scope.JOBS_READ.authority()),
            get("/v1/jobs/*/outputs/**", Scope.JOBS_READ.authority()),
            post("/v1/jobs/*/streams", Scope.JOBS_ENTER.authority()),
            post("/v1/streams/*/input", ANYBODY),
            get("/v1/streams/*/output", ANYBODY),
            get("/v1/jobs", ANYBODY),
            get("/v1/jobs/*", ANYBODY),
            get("/v1/jobs/*/timeline", ANYBODY),
            get("/v1/jobs/*/why", ANYBODY),
            post("/v1/jobs/*/cancel", ANYBODY),
            post("/v1/jobs/*/top-up", ANYBODY),
            post("/v1/estimates", ANYBODY),
            get("/v1/accounts/*", ANYBODY),
            get("/v1/accounts/*/ledger", ANYBODY),
            get("/v1/accounts/*/rewards", ANYBODY),
            post("/v1/accounts/*/rewards/release", ANYBODY),
            get("/v1/accounts/*/session-keys", ANYBODY),
            post("/v1/accounts/*/session-keys", ANYBODY),
            post("/v1/accounts/*/session-keys/revoke", ANYBODY),
            get("/v1/accounts/*/delegations", ANYBODY),
            get("/v1/accounts/*/withdrawals", ANYBODY),
            post("/v1/accounts/*/withdrawals", ANYBODY),
            post("/v1/accounts/*/withdrawals/relay", SIGNED_IN),
            post("/v1/providers", ANYBODY),
            get("/v1/providers/*", ANYBODY),
            post("/v1/machines/enrolment-tokens", Scope.MACHINES_WRITE.authority()),
            get("/v1/machines", ANYBODY),
            get("/v1/machines/*", ANYBODY),
            post("/v1/machines/*/offer", ANYBODY),
            post("/v1/machines/*/retire", ANYBODY),
            get("/v1/checkers", ANYBODY),
            post("/v1/checkers", ANYBODY),
            get("/v1/checkers/*", ANYBODY),
            get("/v1/pools", ANYBODY),
            get("/v1/pools/*", ANYBODY),
            get("/v1/pools/*/delegations", ANYBODY),
            get("/v1/pools/*/release", ANYBODY),
            post("/v1/pools/*/delegations", ANYBODY),
            post("/v1/pools/*/unbondings", ANYBODY),
            post("/v1/pools/*/redelegations", ANYBODY),
            post("/v1/pools/*/locks", ANYBODY),
            post("/v1/pools/*/claims", ANYBODY),
            post("/v1/pools/*/commission", ANYBODY),
            get("/v1/proposals", ANYBODY),
            post("/v1/proposals", ANYBODY),
            get("/v1/proposals/*", ANYBODY),
            get("/v1/proposals/*/power/*", ANYBODY),
            post("/v1/proposals/*/votes", ANYBODY),
            get("/v1/pauses", ANYBODY),
            post("/v1/pauses", ANYBODY),
            get("/v1/nodes", ANYBODY),
            post("/v1/nodes", ANYBODY),
            get("/v1/canaries", ANYBODY),
            get("/v1/canaries/*", ANYBODY),
            post("/v1/canaries", ANYBODY),
            post("/v1/canaries/openings", ANYBODY),
            get("/v1/epochs", ANYBODY),
            get("/v1/epochs/*", ANYBODY),
            get("/v1/rounds", ANYBODY),
            get("/v1/rounds/*", ANYBODY),
            get("/v1/cases", ANYBODY),
            get("/v1/cases/*", ANYBODY),
            post("/v1/cases/equivocations", ANYBODY),
            post("/v1/cases/disputes", ANYBODY),
            post("/v1/cases/*/appeal", ANYBODY),
            get("/v1/batches", ANYBODY),
            get("/v1/batches/*", ANYBODY),
            get("/v1/proofs/*", ANYBODY),
            get("/v1/parameters", ANYBODY),
            get("/v1/contracts", ANYBODY),
            get("/v1/audit/export", ANYBODY),
            put("/v1/blobs/*", Scope.BLOBS_WRITE.authority()),
            get("/v1/blobs/*", SIGNED_IN),
            get("/v1/ops/health", ANYBODY),
            get("/v1/ops/agents", OPERATOR),
            get("/v1/ops/overview", OPERATOR),
            get("/v1/ops/dead-letters", OPERATOR),
            post("/v1/ops/dead-letters/retry", OPERATOR),
            post("/v1/ops/dead-letters/drop", OPERATOR),
            get("/v1/ops/parked", OPERATOR),
            post("/v1/ops/parked/retry", OPERATOR),
            get("/v1/ops/views/rebuild", OPERATOR),
            post("/v1/ops/views/rebuild", OPERATOR),
            get("/v1/ops/chain", OPERATOR),
            post("/v1/ops/chain/resume", OPERATOR),
            post("/graphql", ANYBODY),
            get("/v3/api-docs/**", ANYBODY),
            get("/v3/api-docs", ANYBODY),
            get("/errors/*", ANYBODY),
            get("/actuator/health/**", ANYBODY),
            get("/actuator/prometheus", ANYBODY));

    private static Row get(String path, String right) {
        return new Row(HttpMethod.GET, path, right);
    }

    private static Row post(String path, String right) {
        return new Row(HttpMethod.POST, path, right);
    }

    private static Row put(String path, String right) {
        return new Row(HttpMethod.PUT, path, right);
    }

    private static Row delete(String path, String right) {
        return new Row(HttpMethod.DELETE, path, right);
    }

    private static Row any(String path, String right) {
        return new Row(null, path, right);
    }
}
