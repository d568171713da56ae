package io.athanor.crypto;

import io.athanor.domain.hash.Eip55;
import io.athanor.domain.hash.Hash32;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.bouncycastle.math.ec.ECPoint;
import org.bouncycastle.math.ec.WNafUtil;
import org.jspecify.annotations.Nullable;

/**
 * Verifies like {@link Secp256k1#verify}, and faster for signers seen before: it keeps the public keys of the last ones.
 *
 * <p>A signature is accepted here exactly when it is accepted there; of the refused ones some that there are
 * {@link SignatureFault#NO_SUCH_KEY} are {@link SignatureFault#WRONG_SIGNER} here. Safe for any thread. A key with its
 * table of multiples takes about 32 KiB.
 */
public final class KnownSigners {
    private final Map<String, ECPoint> keys;

    /** Keeps at most this many keys, dropping the one unused for longest. */
    public KnownSigners(int capacity) {
        if (capacity < 1) {
            throw new IllegalArgumentException("capacity must be positive, got " + capacity);
        }
        this.keys = new LinkedHashMap<>(16, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<String, ECPoint> eldest) {
                return size() > capacity;
            }
        };
    }

    /**
     * Empty when this address signed this digest, else why not.
     *
     * @throws IllegalArgumentException when {@code address} itself is no address
     */
    public Optional<SignatureFault> verify(Hash32 digest, byte[] signature, String address) {
        String expected = Eip55.checksum(address);
        Optional<SignatureFault> fault = Secp256k1.faultOfForm(signature);
        if (fault.isPresent()) {
            return fault;
        }
        ECPoint known = find(expected);
        if (known == null) {
            return verifyUnknown(digest, signature, expected);
        }
        return Secp256k1.isSignedBy(known, digest, signature)
                ? Optional.empty()
                : Optional.of(SignatureFault.WRONG_SIGNER);
    }

    private Optional<SignatureFault> verifyUnknown(Hash32 digest, byte[] signature, String expected) {
        ECPoint key = Secp256k1.recoverKey(digest, signature);
        if (key == null) {
            return Optional.of(SignatureFault.NO_SUCH_KEY);
        }
        if (!Secp256k1.addressOf(key).equals(expected)) {
            return Optional.of(SignatureFault.WRONG_SIGNER);
        }
        WNafUtil.configureBasepoint(key);
        remember(expected, key);
        return Optional.empty();
    }

    private synchronized @Nullable ECPoint find(String address) {
        return keys.get(address);
    }

    private synchronized void remember(String address, ECPoint key) {
        keys.put(address, key);
    }
}
