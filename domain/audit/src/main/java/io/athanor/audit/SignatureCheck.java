package io.athanor.audit;

import io.athanor.codec.Json;
import io.athanor.crypto.Ed25519;
import io.athanor.crypto.KnownSigners;
import io.athanor.domain.account.SessionKey;
import io.athanor.domain.attestation.RoundEvent.ReportCommitted;
import io.athanor.domain.attestation.RoundEvent.ReportRevealed;
import io.athanor.domain.attestation.Seat;
import io.athanor.domain.checker.Checker;
import io.athanor.domain.checker.CheckerEvent.AttesterAuthorised;
import io.athanor.domain.checker.CheckerEvent.CheckerRegistered;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Event;
import io.athanor.domain.common.JobId;
import io.athanor.domain.common.MachineId;
import io.athanor.domain.common.Refused;
import io.athanor.domain.common.RoundId;
import io.athanor.domain.common.StreamId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.governance.ProposalEvent.ReadinessReported;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.hash.Hex;
import io.athanor.domain.job.Job;
import io.athanor.domain.job.JobEvent.JobCancelled;
import io.athanor.domain.job.JobEvent.JobCompleted;
import io.athanor.domain.job.JobEvent.JobFailed;
import io.athanor.domain.job.JobEvent.JobLost;
import io.athanor.domain.job.JobEvent.JobSubmitted;
import io.athanor.domain.job.Receipt;
import io.athanor.domain.signing.SigningDomain;
import io.athanor.domain.signing.TypedCommands;
import io.athanor.domain.signing.TypedEconomy;
import io.athanor.domain.wire.AgentProtocol.Ready;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Verifies every stored signature again: wallets' and session keys' orders, attesters' reports, machines' receipts. */
final class SignatureCheck implements Check {
    private static final int KNOWN_SIGNERS = 1_024;

    private final KnownSigners signers = new KnownSigners(KNOWN_SIGNERS);
    private @Nullable CheckerRegistered pending;
    private @Nullable JobSubmitted lastSubmitted;

    @Override
    public void look(World before, Event event, Consumer<String> problem) {
        if (event instanceof JobSubmitted e && sameOrder(e)) {
            return;
        }
        WalletOrder.of(event).ifPresent(order -> wallet(before, order, problem));
        switch (event) {
            case JobSubmitted e -> submitted(e, problem);
            case CheckerRegistered e -> pending = e;
            case AttesterAuthorised e -> checker(before, e, problem);
            case ReportCommitted e -> {
                Hash32 struct = TypedCommands.commit(e.round(), e.checker(), e.commitment());
                attester(before, e.round(), e.checker(), struct, e.signature(), problem);
            }
            case ReportRevealed e -> {
                Hash32 struct = TypedCommands.reportStruct(e.report());
                attester(before, e.round(), e.checker(), struct, e.signature(), problem);
            }
            case ReadinessReported e -> ready(before, e, problem);
            case JobCompleted e -> receipt(before, e.receipt(), problem);
            case JobFailed e -> receipt(before, e.receipt(), problem);
            case JobLost e -> receipt(before, e.receipt(), problem);
            case JobCancelled e -> receipt(before, e.receipt(), problem);
            default -> {
                // Nothing else is signed.
            }
        }
    }

    /** An order's signature covers all its tasks, which follow one another: it is verified with the first. */
    private boolean sameOrder(JobSubmitted e) {
        JobSubmitted last = lastSubmitted;
        lastSubmitted = e;
        JobId job = e.task().job();
        return last != null
                && last.task().job().equals(job)
                && last.authorization().equals(e.authorization())
                && last.client().equals(e.client())
                && last.spec().equals(e.spec());
    }

    private static void submitted(JobSubmitted e, Consumer<String> problem) {
        if (!e.authorization().wallet().equals(e.client())) {
            problem.accept("the order of " + e.client() + " was signed for "
                    + e.authorization().wallet());
        }
    }

    private void wallet(World before, WalletOrder order, Consumer<String> problem) {
        Wallet signer = order.by().signer();
        if (!verify(before, order.struct(), order.by().signature(), signer)) {
            problem.accept("the signature is not " + signer + "'s over this content");
        }
        SessionKey.Scope scope = order.scope();
        if (!order.by().bySessionKey()) {
            return;
        }
        if (scope == null) {
            problem.accept("a session key signed what only the wallet may sign");
            return;
        }
        try {
            before.account(order.by().wallet()).requireSigner(order.by(), scope, Ath.ZERO, order.at());
        } catch (Refused refused) {
            problem.accept(refused.detail());
        }
    }

    private void checker(World before, AttesterAuthorised e, Consumer<String> problem) {
        CheckerRegistered registered = pending;
        pending = null;
        if (registered == null || !registered.checker().equals(e.checker())) {
            problem.accept("an attester key without the checker's registration before it");
        } else {
            wallet(before, WalletOrder.of(registered, e), problem);
        }
    }

    private void attester(
            World before, RoundId round, Wallet checker, Hash32 struct, String signature, Consumer<String> problem) {
        Wallet attester = before.round(round).known().committee().stream()
                .filter(seat -> seat.checker().equals(checker))
                .map(Seat::attester)
                .findFirst()
                .orElse(Wallet.ZERO);
        if (!verify(before, struct, signature, attester)) {
            problem.accept("the signature is not that of " + checker + "'s attester");
        }
    }

    private void ready(World before, ReadinessReported e, Consumer<String> problem) {
        String id = e.reporter().id();
        boolean valid = switch (e.reporter().type()) {
            case StreamId.MACHINE -> {
                MachineId machine = MachineId.parse(id);
                String key = before.machine(machine).agentKey();
                byte[] text = Ready.signed(machine, e.artifact()).getBytes(StandardCharsets.UTF_8);
                yield key != null && Ed25519.verify(Hex.decode(key), text, Hex.decode(e.signature()));
            }
            case StreamId.CHECKER -> {
                Wallet wallet = Wallet.parse(id);
                Wallet attester =
                        before.checkers.getOrDefault(wallet, Checker.EMPTY).attester();
                Hash32 struct = TypedEconomy.reportReadiness(wallet, e.artifact());
                yield attester != null && verify(before, struct, e.signature(), attester);
            }
            case StreamId.NODE -> {
                Wallet node = Wallet.parse(id);
                yield verify(before, TypedEconomy.nodeReadiness(node, e.artifact()), e.signature(), node);
            }
            default -> false;
        };
        if (!valid) {
            problem.accept("the signature is not that of " + e.reporter());
        }
    }

    private static void receipt(World before, @Nullable Receipt receipt, Consumer<String> problem) {
        if (receipt == null) {
            return;
        }
        Job state = before.task(receipt.lease().task());
        if (!(state instanceof Job.Leased leased)) {
            problem.accept("a receipt for " + receipt.lease() + ", which holds no lease");
            return;
        }
        MachineId machine = leased.lease().machine();
        String key = String.valueOf(before.machine(machine).agentKey());
        boolean valid =
                Ed25519.verify(Hex.decode(key), Json.canonical(receipt.unsigned()), Hex.decode(receipt.signature()));
        if (!valid) {
            problem.accept("the receipt is not signed by machine " + machine);
        }
    }

    private boolean verify(World before, Hash32 struct, String signature, Wallet signer) {
        var network = before.protocol.network();
        if (network == null) {
            return false;
        }
        SigningDomain domain = new SigningDomain(network.chainId(), network.settlementLog());
        return signers.verify(domain.digest(struct), Hex.decode(signature), signer.address())
                .isEmpty();
    }
}
