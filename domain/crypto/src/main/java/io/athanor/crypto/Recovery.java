package io.athanor.crypto;

import java.util.Optional;

/** What a digest and a signature say about their signer: an address, or the fault that keeps them from naming one. */
public sealed interface Recovery {
    /** The signer's address, when there is one. */
    default Optional<String> address() {
        return this instanceof Signer signer ? Optional.of(signer.checksummed()) : Optional.empty();
    }

    /** The signer, as an EIP-55 address. */
    record Signer(String checksummed) implements Recovery {}

    /** No signer; never {@link SignatureFault#WRONG_SIGNER}, since nobody was expected. */
    record Rejected(SignatureFault fault) implements Recovery {}
}
