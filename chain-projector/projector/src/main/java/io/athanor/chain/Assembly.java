package io.athanor.chain;

import io.athanor.chain.ProgressTables.Part;
import io.athanor.chain.ProjectorLoop.Step;
import io.athanor.contracts.Deployment;
import io.athanor.crypto.Secp256k1;
import io.athanor.domain.attestation.Candidate;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.port.Commands;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.web3j.protocol.Web3j;

/**
 * What the projector is made of.
 *
 * @param submitter the key that sends batches
 * @param admin the key that installs the first signer set, on a development chain
 * @param eligible the checkers that may be drawn now
 */
record Assembly(
        ChainNode node,
        Web3j web3j,
        Deployment contracts,
        Tables tables,
        Commands commands,
        Supplier<List<Candidate>> eligible,
        Secp256k1.KeyPair submitter,
        Optional<Secp256k1.KeyPair> admin,
        InstantSource clock) {

    ProjectorLoop loop() {
        Orders orders = new Orders(commands);
        SignerSetKeeper signers = new SignerSetKeeper(tables.batches(), contracts, web3j, admin, eligible);
        ChainCheck check = new ChainCheck(node, tables.ledger(), contracts);
        InboundScanner inbound = new InboundScanner(node, tables, contracts, signers, orders, clock);
        EpochOpener epochs = new EpochOpener(node, tables, orders, clock, eligible);
        HeadCheck head = new HeadCheck(node, tables.batches(), contracts, web3j, wallet());
        BatchSigner signer = new BatchSigner(contracts, web3j, submitter);
        BatchSender sender = new BatchSender(node, tables, contracts, head, signer, signers, orders, clock);
        Reconciliation reconciliation = new Reconciliation(tables, contracts, web3j);
        return new ProjectorLoop(
                tables.progress(),
                new Step(Part.CHAIN, check::tick),
                List.of(
                        new Step(Part.CHAIN, inbound::tick),
                        new Step(Part.CHAIN, epochs::tick),
                        new Step(Part.OUTBOUND, reconciliation::tick),
                        new Step(Part.OUTBOUND, sender::tick)),
                clock);
    }

    ChainOperations operations(ProjectorLoop loop) {
        return new ChainOperations(node, tables, loop, wallet());
    }

    private Wallet wallet() {
        return Wallet.parse(submitter.address());
    }
}
