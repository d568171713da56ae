package io.athanor.api.auth;

/** What an API key may do; a wallet that signed in may do all of it. Text as in requests: the constant's name. */
public enum Scope {
    /** Logs and outputs of one's own jobs. */
    JOBS_READ,
    /** Commands and connections into one's own running jobs. */
    JOBS_ENTER,
    /** Uploads of input files. */
    BLOBS_WRITE,
    /** Enrolment tokens for one's machines. */
    MACHINES_WRITE;

    String authority() {
        return "SCOPE_" + name();
    }
}
