package io.athanor.chain;

import java.util.concurrent.CompletionException;

/** Brings a future's real failure back. */
final class Failures {
    private Failures() {}

    static RuntimeException unwrap(CompletionException failure) {
        return failure.getCause() instanceof RuntimeException cause ? cause : failure;
    }
}
