package io.athanor.contracts;

import io.athanor.contracts.wrapper.SettlementLog;
import io.athanor.domain.common.Wallet;
import java.math.BigInteger;
import java.util.List;

/** The installer's way to a signer set of a settlement log: the first, and one after a silence. */
public final class SignerSets {
    private static final int FIRST = 1;

    private SignerSets() {}

    /**
     * Installs the first set unless there is one, and returns the version in force.
     *
     * @param admin the log's installer
     * @param signers 1 to 21 different accounts, in any order
     * @param quorum more than half of them
     */
    public static int installFirst(KeySender admin, Wallet settlementLog, List<Wallet> signers, int quorum) {
        SettlementLog log = Contracts.log(settlementLog, admin.web3j());
        int version = Calls.read(log.signerSet()).component1().intValueExact();
        if (version > 0) {
            return version;
        }
        install(admin, settlementLog, FIRST, signers, quorum);
        return FIRST;
    }

    /**
     * Installs the next set after the log's silence. Error: {@link ChainFault} where the log was not silent for so long.
     *
     * @param version the one in force + 1
     */
    public static void replaceSilent(
            KeySender admin, Wallet settlementLog, int version, List<Wallet> signers, int quorum) {
        install(admin, settlementLog, version, signers, quorum);
    }

    private static void install(KeySender admin, Wallet settlementLog, int version, List<Wallet> signers, int quorum) {
        List<String> ascending = signers.stream().sorted().map(Wallet::address).toList();
        admin.send(
                settlementLog,
                Contracts.log(settlementLog, admin.web3j())
                        .installSetByAdmin(BigInteger.valueOf(version), ascending, BigInteger.valueOf(quorum))
                        .encodeFunctionCall());
    }
}
