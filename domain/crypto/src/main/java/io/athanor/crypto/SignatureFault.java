package io.athanor.crypto;

/** Why a wallet signature is not accepted. Forgeries are expected, so these are values and no exceptions. */
public enum SignatureFault {
    /** Not 65 bytes. */
    WRONG_LENGTH,
    /** The last byte is neither 27 nor 28. */
    WRONG_V,
    /** r or s is zero, or not below the order of the curve. */
    OUT_OF_RANGE,
    /** s is in the upper half: the malleable twin of a signature, refused so that a signature has one spelling. */
    HIGH_S,
    /** No public key fits this digest and signature. */
    NO_SUCH_KEY,
    /** A well-formed signature of somebody else, or over something else. */
    WRONG_SIGNER
}
