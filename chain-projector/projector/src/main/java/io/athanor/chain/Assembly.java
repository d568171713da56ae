package io.athanor.chain;

import io.athanor.chain.ProgressTables.Part;
import io.athanor.chain.ProjectorLoop.Step;
import io.athanor.contracts.Deployment;
import io.athanor.contracts.KeySender;
import io.athanor.crypto.Secp256k1;
import io.athanor.domain.attestation.Candidate;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.port.ChainStatus.Endpoint;
import io.athanor.domain.port.Commands;
import io.athanor.domain.port.EventSource;
import io.athanor.domain.signing.SigningDomain;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.web3j.protocol.Web3j;

/**
 * What the projector is made of.
 *
 * @param events the event log, to be hashed
 * @param submitter the key that sends messages
 * @param admin the key that installs signer sets, on a development chain
 * @param relayer the key that sends what anybody may send; without one that is left to others
 * @param eligible the checkers that may be drawn now
 */
record Assembly(
        ChainNode node,
        Web3j web3j,
        Deployment contracts,
        Tables tables,
        Commands commands,
        EventSource events,
        Supplier<List<Candidate>> eligible,
        Secp256k1.KeyPair submitter,
        Optional<Secp256k1.KeyPair> admin,
        Optional<Secp256k1.KeyPair> relayer,
        InstantSource clock) {

    ProjectorLoop loop() {
        Orders orders = new Orders(commands);
        SignerSetKeeper signers = new SignerSetKeeper(tables.signers(), contracts, web3j, admin, eligible);
        Lanes lanes = lanes(orders);
        ChainCheck check = new ChainCheck(node, tables.ledger(), contracts);
        InboundScanner inbound = new InboundScanner(node, tables, contracts, signers, orders, clock);
        EpochOpener epochs = new EpochOpener(node, tables, orders, clock, eligible);
        HeadCheck head = new HeadCheck(node, tables, contracts, web3j, wallet());
        TransactionSigner signer = new TransactionSigner(contracts.chainId(), submitter);
        MessageSender sender = new MessageSender(node, tables, lanes, head, signer, signers, clock);
        Relay relay = new Relay(
                node,
                tables,
                contracts,
                new PenaltyEvidence(tables.records(), contracts, web3j),
                relayer.map(key -> new KeySender(web3j, key)),
                clock);
        HistoryKeeper history = new HistoryKeeper(events, tables.history());
        Reconciliation reconciliation = new Reconciliation(tables, contracts, web3j);
        return new ProjectorLoop(
                tables.progress(),
                new Step(Part.CHAIN, check::tick),
                List.of(
                        new Step(Part.CHAIN, inbound::tick),
                        new Step(Part.CHAIN, epochs::tick),
                        new Step(Part.PAYOUTS, reconciliation::tick),
                        new Step(Part.PAYOUTS, relay::tick),
                        new Step(Part.OUTBOUND, history::tick),
                        new Step(Part.OUTBOUND, sender::tick)),
                clock);
    }

    private Lanes lanes(Orders orders) {
        return new Lanes(
                new BatchLane(tables.ledger(), contracts, web3j, orders, clock),
                new PayoutLane(tables, contracts, web3j, orders, clock),
                new SignerLane(tables, contracts, web3j),
                new RecordLane(tables, contracts, web3j));
    }

    Cosignatures approvals() {
        return new Cosignatures(
                tables, lanes(new Orders(commands)), new SigningDomain(contracts.chainId(), contracts.log()));
    }

    PayoutAnswers payouts() {
        return new PayoutAnswers(tables, contracts, clock);
    }

    ChainOperations operations(ProjectorLoop loop, Supplier<List<Endpoint>> endpoints) {
        return new ChainOperations(
                node, tables, loop, wallet(), relayer.map(key -> Wallet.parse(key.address())), endpoints);
    }

    private Wallet wallet() {
        return Wallet.parse(submitter.address());
    }
}
