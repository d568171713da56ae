package io.athanor.domain.port;

import java.time.Instant;

/** Forgets what nobody needs any more. Repeating it, or running it on two nodes at once, does no harm. */
public interface Sweep {
    /** Its name, which is also its setting's: {@code athanor.retention.<what>}. */
    String what();

    /** Forgets what is too old at this time; how many things that was. */
    long run(Instant now);
}
