package io.athanor.chain;

import io.athanor.chain.BatchTables.SignerSet;
import io.athanor.contracts.Deployment;
import io.athanor.contracts.KeySender;
import io.athanor.contracts.SignerSets;
import io.athanor.contracts.wrapper.SettlementLog;
import io.athanor.contracts.wrapper.SettlementLog.SignerSetInstalledEventResponse;
import io.athanor.crypto.Secp256k1;
import io.athanor.domain.attestation.Candidate;
import io.athanor.domain.common.Wallet;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.web3j.protocol.Web3j;
import org.web3j.protocol.core.methods.response.Log;

/**
 * Knows the signer sets that final blocks installed. On a development chain it also installs the first one, when the
 * first batch waits: the attester keys of the checkers that are eligible then, those with the most stake first.
 *
 * <p>Quorum 15 of 21, scaled to the set's size and at least 2. A network with fewer than two eligible checkers has no
 * set, and its batches wait.
 */
final class SignerSetKeeper {
    private static final Logger LOG = LoggerFactory.getLogger(SignerSetKeeper.class);
    private static final int SEATS = 21;
    private static final int QUORUM = 15;
    private static final int FEWEST = 2;

    private final BatchTables batches;
    private final Deployment contracts;
    private final Web3j web3j;
    private final Optional<Secp256k1.KeyPair> admin;
    private final Supplier<List<Candidate>> eligible;

    SignerSetKeeper(
            BatchTables batches,
            Deployment contracts,
            Web3j web3j,
            Optional<Secp256k1.KeyPair> admin,
            Supplier<List<Candidate>> eligible) {
        this.batches = batches;
        this.contracts = contracts;
        this.web3j = web3j;
        this.admin = admin;
        this.eligible = eligible;
    }

    /** A final block installed a set. */
    void installed(Log log) {
        SignerSetInstalledEventResponse event = SettlementLog.getSignerSetInstalledEventFromLog(log);
        SignerSet set = new SignerSet(
                event.version.intValueExact(),
                event.quorum.intValueExact(),
                event.signers.stream().map(Wallet::parse).toList());
        batches.signers(set);
        LOG.info(
                "signer set {}: {} of {} checkers",
                set.version(),
                set.quorum(),
                set.wallets().size());
    }

    /** The set in force. Where there is none it is installed, and in force once its block is final. */
    Optional<SignerSet> current() {
        Optional<SignerSet> known = batches.newestSigners();
        if (known.isEmpty()) {
            admin.ifPresent(this::installFirst);
        }
        return known;
    }

    private void installFirst(Secp256k1.KeyPair key) {
        List<Wallet> signers = eligible.get().stream()
                .sorted(Comparator.comparing(Candidate::stake).reversed().thenComparing(Candidate::attester))
                .map(Candidate::attester)
                .distinct()
                .limit(SEATS)
                .toList();
        if (signers.size() >= FEWEST) {
            SignerSets.installFirst(new KeySender(web3j, key), contracts.log(), signers, quorum(signers.size()));
        }
    }

    static int quorum(int signers) {
        return Math.max(FEWEST, (signers * QUORUM + SEATS - 1) / SEATS);
    }
}
