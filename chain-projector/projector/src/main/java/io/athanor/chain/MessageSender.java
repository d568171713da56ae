package io.athanor.chain;

import io.athanor.chain.MessageTables.Attempt;
import io.athanor.chain.MessageTables.Message;
import io.athanor.chain.MessageTables.State;
import io.athanor.chain.ProgressTables.Part;
import io.athanor.chain.SignerTables.SignerSet;
import io.athanor.domain.wire.CheckerProtocol.CosignKind;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.web3j.protocol.core.methods.response.TransactionReceipt;

/**
 * Brings each sealed message onto the chain exactly once, those of one kind in order.
 *
 * <p>A message takes the next nonce in the transaction that stores its first signed bytes, and all its transactions have
 * that nonce, so no two of them can both count. What is signed is stored before it is sent, and only a receipt decides. A
 * message is signed when all before it are in blocks and the contract would accept it, since a refused transaction uses
 * up its nonce. A message is never cancelled or skipped once it was sent.
 */
final class MessageSender {
    private static final Logger LOG = LoggerFactory.getLogger(MessageSender.class);
    private static final int WINDOW_MESSAGES = 32;
    static final Duration RESEND_AFTER = Duration.ofSeconds(10);
    static final Duration RAISE_AFTER = Duration.ofSeconds(60);

    private final ChainNode node;
    private final ProgressTables progress;
    private final MessageTables messages;
    private final SignerTables sets;
    private final Lanes lanes;
    private final HeadCheck head;
    private final TransactionSigner signer;
    private final SignerSetKeeper keeper;
    private final InstantSource clock;
    private boolean headChecked;
    private Instant lastBroadcast = Instant.EPOCH;

    MessageSender(
            ChainNode node,
            Tables tables,
            Lanes lanes,
            HeadCheck head,
            TransactionSigner signer,
            SignerSetKeeper keeper,
            InstantSource clock) {
        this.node = node;
        this.progress = tables.progress();
        this.messages = tables.messages();
        this.sets = tables.signers();
        this.lanes = lanes;
        this.head = head;
        this.signer = signer;
        this.keeper = keeper;
        this.clock = clock;
    }

    /** Moves every open message of the window one step on where it can. */
    void tick() {
        try {
            if (!headChecked) {
                head.require();
                headChecked = true;
            }
            boolean paysOut = !progress.stopped(Part.PAYOUTS);
            lanes.signers().tick();
            if (paysOut) {
                lanes.payouts().tick();
            }
            List<Message> open = messages.open(WINDOW_MESSAGES).stream()
                    .filter(message -> paysOut || !isUnsentPayout(message))
                    .toList();
            boolean clear = open.stream().noneMatch(message -> message.state() == State.SENT);
            Set<CosignKind> waiting = EnumSet.noneOf(CosignKind.class);
            for (Message message : open) {
                boolean sends = clear && message.state() == State.SIGNED && !waiting.contains(message.kind());
                clear &= !advance(message, sends);
                if (message.state() != State.MINED) {
                    waiting.add(message.kind());
                }
            }
        } catch (Halted e) {
            headChecked = false;
            throw e;
        }
    }

    /** While payouts are halted a root goes no step further; one that was sent already is followed to its end. */
    private static boolean isUnsentPayout(Message message) {
        boolean unsent = message.state() == State.SEALED
                || message.state() == State.COLLECTING
                || message.state() == State.SIGNED;
        return unsent && message.kind() == CosignKind.PAYOUT;
    }

    /**
     * @param sends whether all before it are in blocks
     * @return whether it was sent now
     */
    private boolean advance(Message message, boolean sends) {
        switch (message.state()) {
            case SEALED -> collect(message);
            case COLLECTING -> count(message);
            case SIGNED -> {
                return sends && send(message);
            }
            case SENT -> confirm(message);
            case MINED -> finish(message);
            case FINAL -> throw new IllegalStateException("a final message is not open");
        }
        return false;
    }

    private void collect(Message message) {
        Lane lane = lanes.of(message.kind());
        if (lane.isComplete(message)) {
            lane.requireSound(message);
            keeper.current().ifPresent(set -> messages.collecting(message, set.version()));
        }
    }

    /** With a new set in force the open signatures begin anew, so that a set whose keys are lost holds nothing up. */
    private void count(Message message) {
        int newest = sets.newest().map(SignerSet::version).orElse(0);
        int quorum = quorum(message);
        if (messages.approvals(message.kind(), message.number(), quorum).size() == quorum) {
            messages.state(message, State.SIGNED);
        } else if (message.setVersion() != newest) {
            messages.startOver(message);
        } else {
            keeper.replaceSilent();
        }
    }

    private int quorum(Message message) {
        return sets.find(message.setVersion()).map(SignerSet::quorum).orElseThrow();
    }

    private List<Attempt> attempts(Message message) {
        return messages.attempts(message.kind(), message.number());
    }

    private String call(Message message) {
        List<String> signatures = messages.approvals(message.kind(), message.number(), quorum(message));
        return lanes.of(message.kind()).call(message, signatures);
    }

    private boolean send(Message message) {
        List<Attempt> known = attempts(message);
        if (known.isEmpty()) {
            boolean accepted = sets.newest()
                    .filter(set -> set.accepts(message.setVersion()))
                    .isPresent();
            if (!accepted) {
                messages.startOver(message);
                return false;
            }
            if (!lanes.of(message.kind()).isDue(message)) {
                return false;
            }
            String call = call(message);
            node.requireAccepted(signer.wallet(), lanes.of(message.kind()).contract(), call);
            messages.firstAttempt(
                    message,
                    sign(
                            message,
                            1,
                            messages.nextNonce(),
                            Fees.first(node.latest().baseFee())));
        }
        node.broadcast(attempts(message).getFirst().raw());
        messages.sent(message, clock.instant());
        LOG.info("{} sent", message);
        return true;
    }

    private Attempt sign(Message message, int attempt, long nonce, Fees fees) {
        return signer.sign(attempt, nonce, lanes.of(message.kind()).contract(), call(message), fees, clock.instant());
    }

    private void confirm(Message message) {
        List<Attempt> attempts = attempts(message);
        Optional<TransactionReceipt> receipt = receipt(attempts);
        if (receipt.isPresent()) {
            mined(message, receipt.get());
        } else if (!usedByAnother(message, attempts)) {
            resend(message, attempts.getFirst());
        }
    }

    private Optional<TransactionReceipt> receipt(List<Attempt> attempts) {
        return attempts.stream()
                .map(attempt -> node.receipt(attempt.transaction()))
                .flatMap(Optional::stream)
                .findFirst();
    }

    /** In a final block another transaction has the nonce: the message takes the next one when this is resumed. */
    private boolean usedByAnother(Message message, List<Attempt> attempts) {
        long nonce = attempts.getFirst().nonce();
        boolean used = node.nonce(signer.wallet(), node.finalized().number()) > nonce;
        if (used && receipt(attempts).isEmpty()) {
            messages.refused(message);
            throw new Halted("nonce " + nonce + " of the submitter, signed for " + message
                    + ", was used by another transaction: find out who has the key before you resume");
        }
        return used;
    }

    private void mined(Message message, TransactionReceipt receipt) {
        long block = receipt.getBlockNumber().longValueExact();
        if (receipt.isStatusOK()) {
            messages.mined(
                    message,
                    receipt.getTransactionHash(),
                    block,
                    receipt.getBlockHash(),
                    receipt.getGasUsed().longValueExact());
        } else if (block <= node.finalized().number()) {
            messages.refused(message);
            throw new Halted("the contract refused " + message + " in transaction " + receipt.getTransactionHash()
                    + "; it is sent again when this is resumed");
        }
    }

    private void resend(Message message, Attempt newest) {
        Instant now = clock.instant();
        Fees raised = newest.fees().raised();
        boolean late = !now.isBefore(newest.waitsSince().plus(RAISE_AFTER));
        if (late && raised.withinCap()) {
            Attempt higher = sign(message, newest.attempt() + 1, newest.nonce(), raised);
            messages.attempt(message, higher);
            LOG.warn("{} was not mined in {}; raised its fees by 12.5 %", message, RAISE_AFTER);
            broadcast(higher, now);
        } else if (!now.isBefore(lastBroadcast.plus(RESEND_AFTER))) {
            if (late) {
                LOG.error("{} is not mined although its fees are at the cap", message);
            }
            broadcast(newest, now);
        }
    }

    private void broadcast(Attempt attempt, Instant now) {
        lastBroadcast = now;
        node.broadcast(attempt.raw());
    }

    private void finish(Message message) {
        Optional<TransactionReceipt> receipt = node.receipt(String.valueOf(message.transaction()));
        if (receipt.isEmpty()) {
            LOG.warn("{} left the chain by a reorganisation; sending it again", message);
            messages.sent(message, clock.instant());
            broadcast(attempts(message).getFirst(), clock.instant());
        } else if (!receipt.get().getBlockHash().equals(message.blockHash())) {
            messages.sent(message, clock.instant());
        } else if (message.block() <= node.finalized().number()) {
            lanes.of(message.kind()).anchored(message);
            messages.state(message, State.FINAL);
            LOG.info("{} is final in block {}", message, message.block());
        }
    }
}
