package io.athanor.crypto;

import io.athanor.domain.common.Wallet;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.hash.Hex;
import io.athanor.domain.penalty.Offence.SignedReport;
import io.athanor.domain.signing.SigningDomain;
import io.athanor.domain.signing.TypedCommands;

/** Whether a checker's report carries its attester's signature: the one check behind every case of equivocation. */
public final class ReportSignatures {
    private ReportSignatures() {}

    /** False also for a signature of another form. */
    public static boolean isBy(Wallet attester, SignedReport report, SigningDomain domain) {
        try {
            Hash32 digest = domain.digest(TypedCommands.reportStruct(report.report()));
            byte[] signature = Hex.decode(report.signature(), Secp256k1.SIGNATURE_BYTES);
            return Secp256k1.verify(digest, signature, attester.address()).isEmpty();
        } catch (IllegalArgumentException malformed) {
            return false;
        }
    }
}
