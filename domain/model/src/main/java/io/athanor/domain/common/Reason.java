package io.athanor.domain.common;

/**
 * The one catalogue of refusals: the constant is the API's {@code code}, {@code /errors/<code>} its type.
 *
 * <p>{@link #status()} is the HTTP status: 400, 405 and 413 form, 401/403 authorisation, 404 unknown, 409 state, 422 rule,
 * 429 limit, 503 unavailable.
 */
public enum Reason {
    MALFORMED(400, "Correct the request; the detail names the field."),
    UNKNOWN_FIELD(400, "Remove the field or correct its name."),
    METHOD_NOT_ALLOWED(405, "Use a method that the Allow header names."),
    TOO_LARGE(413, "Send less; the detail names the limit."),
    SIGNATURE_INVALID(401, "Sign the command again with the key that the detail names."),
    SIGNATURE_EXPIRED(401, "Sign the command again with a later expiry."),
    SIGNATURE_REPLAYED(401, "Make a new request with a fresh nonce."),
    WRONG_CHAIN(401, "Sign for the chain id that /v1/parameters states."),
    CLOCK_SKEW(401, "Set the clock; the answer carries the server's time."),
    NOT_SIGNED_IN(401, "Sign in, or send an API key."),
    NOT_ALLOWED(403, "Use an account that has the role or owns the resource."),
    SESSION_KEY_NOT_AUTHORISED(403, "Authorise the session key with the wallet, or sign with the wallet."),
    SESSION_KEY_LIMIT(403, "Authorise a session key with a higher limit, or sign with the wallet."),
    NOT_FOUND(404, "Check the id, or the path."),
    COMMAND_ID_REUSED(409, "Use a new command id for other content."),
    ID_TAKEN(409, "Use a new id."),
    WRONG_STATE(409, "Read the current state; the detail names it."),
    STALE_FENCE(409, "Stop the container; the task runs under a higher fence."),
    STALE_SESSION(409, "Open a new session; another agent with this key holds the newer one."),
    ALREADY_REGISTERED(409, "The registration exists under another owner; the detail names what collides."),
    GPU_TAKEN(409, "Choose other GPUs; these are reserved."),
    CONFLICT(409, "Send the command again."),
    INSUFFICIENT_FUNDS(422, "Deposit the missing amount to the vault for this account, then submit again."),
    CAP_TOO_LOW(422, "Raise the cap to at least the amount that the detail names."),
    PRICE_TOO_LOW(422, "Raise maxPrice, or ask for an estimate to see what machines cost."),
    IMPOSSIBLE_DEMAND(422, "Lower the demand; ask for an estimate to see which filter rejects every machine."),
    IMAGE_NOT_BY_DIGEST(422, "Name the image as host/name@sha256:<digest>."),
    INVALID_SPEC(422, "Correct the specification; the detail names the field and its bound."),
    HARDWARE_REQUIREMENT(422, "See the admission table for what a machine needs."),
    SIMULATED_NOT_ALLOWED(422, "This network accepts real GPUs only."),
    STAKE_TOO_LOW(422, "Bond the missing stake to the pool through the vault."),
    STAKE_LOCKED(422, "Wait for the lock's end; the detail names the settlement day."),
    STAKE_UNBONDING(422, "Wait until it matures; the detail names the settlement day."),
    STAKE_FROZEN(422, "Wait for the case to be decided; it is released by itself then."),
    POOL_CLOSED(422, "Delegate to another pool; the operator of this one was cut off."),
    DELEGATION_RATIO(422, "Take less, or let the operator bond more of its own."),
    REDELEGATION_HOP(422, "Unbond it, or wait for the settlement day that the detail names."),
    COMMISSION_LIMIT(422, "Choose a rate within the limit that the detail names."),
    NOT_IN_COMMITTEE(422, "Only members of the round's committee may report."),
    DUPLICATE_COMMITMENT(422, "Commit to your own report with your own salt."),
    REVEAL_WITHOUT_COMMIT(422, "Commit before the commit window closes, then reveal."),
    REVEAL_MISMATCH(422, "Reveal exactly the report and salt that were committed to."),
    WINDOW_CLOSED(
            422,
            "It is too late, or too early; the detail names the instant. A round's next one opens with the next epoch."),
    REPORT_MISSING(422, "Make the what-if report and name it; 'athanor vote propose' does both."),
    EVIDENCE_MISSING(422, "Upload the evidence whose digest the report names, then send the report."),
    PARAMETER_OUT_OF_BOUNDS(422, "Keep the parameter within the bound that the detail names."),
    INVARIANT_BROKEN(422, "Leave it as it is; the detail names what no vote can change."),
    NO_VOTING_POWER(422, "Stake or delegate; power counts for proposals that are submitted later."),
    ALREADY_VOTED(422, "A vote stands; it cannot be changed."),
    TOO_EARLY(422, "Wait for the settlement day that the detail names."),
    BOND_TOO_LOW(422, "Put up the bond or deposit that the detail names, then send it again."),
    LIMIT_REACHED(429, "Wait for open work to finish; the detail names the limit."),
    RATE_LIMITED(429, "Slow down; Retry-After says how long."),
    NETWORK_PAUSED(503, "Send it again after the instant that the detail names; what runs goes on."),
    CHAIN_UNAVAILABLE(503, "Try again; the chain node does not answer."),
    UNAVAILABLE(503, "Try again in a moment.");

    private final int status;
    private final String nextStep;

    Reason(int status, String nextStep) {
        this.status = status;
        this.nextStep = nextStep;
    }

    public int status() {
        return status;
    }

    public String nextStep() {
        return nextStep;
    }
}
