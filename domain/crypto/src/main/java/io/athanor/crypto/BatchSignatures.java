package io.athanor.crypto;

import io.athanor.domain.hash.Hash32;
import io.athanor.domain.hash.Hex;
import io.athanor.domain.penalty.Offence.RefutedMatch;
import io.athanor.domain.signing.SigningDomain;
import io.athanor.domain.signing.TypedSettlement;

/** Whether a batch carries the signature of whoever is accused of it: the one check behind every case of a refuted match. */
public final class BatchSignatures {
    private BatchSignatures() {}

    /** False also for a signature of another form, or of a batch whose numbers no contract takes. */
    public static boolean isBy(RefutedMatch offence, SigningDomain domain) {
        try {
            var proof = offence.proof();
            Hash32 digest = domain.digest(TypedSettlement.batch(proof.batch(), proof.epoch(), proof.setVersion()));
            byte[] signature = Hex.decode(offence.signature(), Secp256k1.SIGNATURE_BYTES);
            return Secp256k1.verify(digest, signature, offence.attester().address())
                    .isEmpty();
        } catch (IllegalArgumentException malformed) {
            return false;
        }
    }
}
