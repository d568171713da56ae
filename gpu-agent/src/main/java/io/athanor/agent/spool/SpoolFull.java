package io.athanor.agent.spool;

import java.nio.file.Path;

/** The spool reached its bound: the agent stops what it cannot account for. */
public final class SpoolFull extends RuntimeException {
    private static final long serialVersionUID = 1;

    SpoolFull(Path file, long maxBytes) {
        super(file + " reached its bound of " + maxBytes + " bytes; is the control plane reachable?");
    }
}
