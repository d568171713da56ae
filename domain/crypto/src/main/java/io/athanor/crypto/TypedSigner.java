package io.athanor.crypto;

import io.athanor.domain.hash.Eip712;
import java.util.Map;

/**
 * A wallet key bound to one EIP-712 domain: whatever it signs is good for that application, version and chain only.
 *
 * <p>The other side recomputes {@link Eip712#digest} and calls {@link Secp256k1#verify}.
 */
public record TypedSigner(Secp256k1.KeyPair key, Eip712.Domain domain) {
    /** The 65-byte signature of a struct; {@link IllegalArgumentException} naming a field that does not fit. */
    public byte[] sign(Eip712.Type type, Map<String, ?> values) {
        return Secp256k1.sign(key, Eip712.digest(domain, type.hashStruct(values)));
    }
}
