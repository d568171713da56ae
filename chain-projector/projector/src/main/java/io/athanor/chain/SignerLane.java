package io.athanor.chain;

import io.athanor.chain.MessageTables.Message;
import io.athanor.chain.MessageTables.State;
import io.athanor.chain.SignerTables.Drawn;
import io.athanor.chain.SignerTables.SignerSet;
import io.athanor.contracts.ChainFault;
import io.athanor.contracts.Contracts;
import io.athanor.contracts.Deployment;
import io.athanor.contracts.wrapper.SettlementLog;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.hash.Hex;
import io.athanor.domain.wire.CheckerProtocol.CosignDuty;
import io.athanor.domain.wire.CheckerProtocol.CosignKind;
import io.athanor.domain.wire.CheckerProtocol.SignerSetDuty;
import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import org.web3j.protocol.Web3j;

/**
 * Signer sets: the newest draw of the log becomes the next version, signed by the quorum of the set in force. One change
 * is on its way at a time, and none where the draw is the set in force.
 */
final class SignerLane implements Lane {
    private final Tables tables;
    private final Deployment contracts;
    private final SettlementLog log;

    SignerLane(Tables tables, Deployment contracts, Web3j web3j) {
        this.tables = tables;
        this.contracts = contracts;
        this.log = Contracts.log(contracts.log(), web3j);
    }

    /** Seals the next change where one is due; gives up one that was overtaken before it was sent. */
    void tick() {
        Optional<SignerSet> inForce = tables.signers().newest();
        Optional<Drawn> drawn = tables.signers().newestDraw();
        if (inForce.isEmpty() || drawn.isEmpty()) {
            return;
        }
        Optional<Message> overtaken =
                tables.messages().find(CosignKind.SIGNERS, inForce.get().version());
        overtaken.filter(SignerLane::isUnsent).ifPresent(tables.messages()::drop);
        int next = inForce.get().version() + 1;
        boolean changes = !inForce.get().isOf(drawn.get().draw());
        if (changes && tables.messages().find(CosignKind.SIGNERS, next).isEmpty()) {
            tables.signers().rotation(next, drawn.get().epoch());
            tables.messages().seal(CosignKind.SIGNERS, next, drawn.get().eventIndex());
        }
    }

    private static boolean isUnsent(Message message) {
        return message.state().compareTo(State.SENT) < 0;
    }

    private Drawn drawn(Message message) {
        return tables.signers().drawOf(message.number()).orElseThrow();
    }

    @Override
    public void requireSound(Message message) {
        if (!drawn(message).draw().usable()) {
            throw new Halted("signer set " + message.number() + " was drawn with too few signers");
        }
    }

    @Override
    public CosignDuty duty(Message message) {
        return new SignerSetDuty(message.number(), drawn(message).draw(), message.setVersion(), message.eventIndex());
    }

    /** The set in force signs the next, and the contract asks for no other. */
    @Override
    public boolean isDue(Message message) {
        return message.setVersion() == message.number() - 1;
    }

    @Override
    public Wallet contract() {
        return contracts.log();
    }

    @Override
    public String call(Message message, List<String> signatures) {
        Drawn drawn = drawn(message);
        return log.installSet(
                        BigInteger.valueOf(message.number()),
                        drawn.draw().signers().stream().map(Wallet::address).toList(),
                        BigInteger.valueOf(drawn.draw().quorum()),
                        signatures.stream().map(Hex::decode).toList())
                .encodeFunctionCall();
    }

    /** The scanner reads the new set from the same final blocks. */
    @Override
    public void anchored(Message message) {
        if (tables.signers().find(Math.toIntExact(message.number())).isEmpty()) {
            throw new ChainFault("the scan of block " + message.block() + " with " + message);
        }
    }
}
