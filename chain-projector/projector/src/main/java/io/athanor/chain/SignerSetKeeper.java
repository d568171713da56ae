package io.athanor.chain;

import io.athanor.chain.SignerTables.Drawn;
import io.athanor.chain.SignerTables.SignerSet;
import io.athanor.contracts.Calls;
import io.athanor.contracts.Contracts;
import io.athanor.contracts.Deployment;
import io.athanor.contracts.KeySender;
import io.athanor.contracts.SignerSets;
import io.athanor.contracts.wrapper.SettlementLog;
import io.athanor.contracts.wrapper.SettlementLog.SignerSetInstalledEventResponse;
import io.athanor.crypto.Secp256k1;
import io.athanor.domain.attestation.Candidate;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.epoch.SignerDraw;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.web3j.protocol.Web3j;
import org.web3j.protocol.core.methods.response.Log;

/**
 * Knows the signer sets that final blocks installed. On a development chain it also stands for the timelock: it installs
 * the first set, when the first message waits (the attester keys of the checkers that are eligible then, those with the
 * most stake first), and the computed draw after the contract's silence, when a message waits in vain.
 *
 * <p>A network with fewer than two eligible checkers has no set, and its messages wait.
 */
final class SignerSetKeeper {
    private static final Logger LOG = LoggerFactory.getLogger(SignerSetKeeper.class);
    private static final int FEWEST = 2;

    private final SignerTables sets;
    private final Deployment contracts;
    private final Web3j web3j;
    private final Optional<Secp256k1.KeyPair> admin;
    private final Supplier<List<Candidate>> eligible;

    SignerSetKeeper(
            SignerTables sets,
            Deployment contracts,
            Web3j web3j,
            Optional<Secp256k1.KeyPair> admin,
            Supplier<List<Candidate>> eligible) {
        this.sets = sets;
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
                event.signers.stream().map(Wallet::parse).toList(),
                event.byAdmin);
        sets.installed(set);
        LOG.info(
                "signer set {}: {} of {} checkers",
                set.version(),
                set.quorum(),
                set.wallets().size());
    }

    /** The set in force. Where there is none it is installed, and in force once its block is final. */
    Optional<SignerSet> current() {
        Optional<SignerSet> known = sets.newest();
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
                .limit(SignerDraw.SEATS)
                .toList();
        if (signers.size() >= FEWEST) {
            SignerSets.installFirst(
                    new KeySender(web3j, key), contracts.log(), signers, SignerDraw.quorum(signers.size()));
        }
    }

    /** Called while a message waits for signatures: after the silence the newest draw takes the set's place. */
    void replaceSilent() {
        Optional<SignerSet> inForce = sets.newest();
        Optional<Drawn> drawn = sets.newestDraw();
        if (admin.isEmpty()
                || inForce.isEmpty()
                || drawn.isEmpty()
                || inForce.get().isOf(drawn.get().draw())) {
            return;
        }
        SettlementLog log = Contracts.log(contracts.log(), web3j);
        int version = Calls.read(log.signerSet()).component1().intValueExact();
        if (version == inForce.get().version() && Calls.read(log.silent())) {
            SignerDraw draw = drawn.get().draw();
            SignerSets.replaceSilent(
                    new KeySender(web3j, admin.get()), contracts.log(), version + 1, draw.signers(), draw.quorum());
            LOG.warn("signer set {} was silent; set {} is installed by the admin", version, version + 1);
        }
    }
}
