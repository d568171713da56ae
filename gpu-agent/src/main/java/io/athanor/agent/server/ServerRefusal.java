package io.athanor.agent.server;

import io.athanor.domain.common.Reason;
import java.io.IOException;

/** The server answered, and refused: its catalogue's code and words. */
public final class ServerRefusal extends IOException {
    private static final long serialVersionUID = 1;

    private final int status;
    private final String code;

    ServerRefusal(int status, String code, String detail) {
        super(status + " " + code + ": " + detail);
        this.status = status;
        this.code = code;
    }

    public boolean is(Reason reason) {
        return code.equals(reason.name());
    }

    /** True for a refusal that the same request would meet again. */
    public boolean isFinal() {
        return status >= 400 && status < 500 && !is(Reason.RATE_LIMITED) && !is(Reason.CLOCK_SKEW);
    }
}
