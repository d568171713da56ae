package io.athanor.chain;

import io.athanor.chain.ChainStore.SignerSet;
import io.athanor.contracts.Deployment;
import io.athanor.contracts.KeySender;
import io.athanor.contracts.SignerSets;
import io.athanor.domain.attestation.Candidate;
import io.athanor.domain.common.Wallet;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Installs the first signer set: the attester keys of the checkers that are eligible when the first batch waits.
 *
 * <p>Quorum 15 of 21, scaled to the set's size and at least 2. A network with fewer than two eligible checkers has no
 * set, and its batches wait.
 */
final class SignerSetKeeper {
    private static final Logger LOG = LoggerFactory.getLogger(SignerSetKeeper.class);
    private static final int SEATS = 21;
    private static final int QUORUM = 15;
    private static final int FEWEST = 2;

    private final ChainStore store;
    private final Deployment contracts;
    private final Optional<KeySender> admin;
    private final Supplier<List<Candidate>> eligible;

    SignerSetKeeper(
            ChainStore store, Deployment contracts, Optional<KeySender> admin, Supplier<List<Candidate>> eligible) {
        this.store = store;
        this.contracts = contracts;
        this.admin = admin;
        this.eligible = eligible;
    }

    /** The set in force, installing the first one where this node may. */
    Optional<SignerSet> current() {
        Optional<SignerSet> known = store.signerSet();
        if (known.isPresent() || admin.isEmpty()) {
            return known;
        }
        List<Wallet> signers = eligible.get().stream()
                .sorted((a, b) -> b.stake().compareTo(a.stake()))
                .map(Candidate::attester)
                .limit(SEATS)
                .sorted()
                .toList();
        if (signers.size() < FEWEST) {
            return Optional.empty();
        }
        int quorum = quorum(signers.size());
        int version = SignerSets.installFirst(admin.get(), contracts.log(), signers, quorum);
        store.signers(version, quorum, signers);
        LOG.info("signer set {} installed: {} of {} checkers", version, quorum, signers.size());
        return store.signerSet();
    }

    static int quorum(int signers) {
        return Math.max(FEWEST, (signers * QUORUM + SEATS - 1) / SEATS);
    }
}
