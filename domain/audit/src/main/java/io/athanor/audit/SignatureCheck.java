package io.athanor.audit;

import io.athanor.codec.Json;
import io.athanor.crypto.Ed25519;
import io.athanor.crypto.KnownSigners;
import io.athanor.domain.account.AccountEvent.FundsHeld;
import io.athanor.domain.account.AccountEvent.SessionKeyAuthorised;
import io.athanor.domain.account.AccountEvent.SessionKeyRevoked;
import io.athanor.domain.account.AccountEvent.WithdrawalRequested;
import io.athanor.domain.account.SessionKey;
import io.athanor.domain.attestation.RoundEvent.ReportCommitted;
import io.athanor.domain.attestation.RoundEvent.ReportRevealed;
import io.athanor.domain.attestation.Seat;
import io.athanor.domain.checker.CheckerEvent.AttesterAuthorised;
import io.athanor.domain.checker.CheckerEvent.CheckerRegistered;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Authorization;
import io.athanor.domain.common.Event;
import io.athanor.domain.common.MachineId;
import io.athanor.domain.common.Refused;
import io.athanor.domain.common.RoundId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.hash.Hex;
import io.athanor.domain.job.Job;
import io.athanor.domain.job.JobEvent.JobCancelRequested;
import io.athanor.domain.job.JobEvent.JobCancelled;
import io.athanor.domain.job.JobEvent.JobCompleted;
import io.athanor.domain.job.JobEvent.JobFailed;
import io.athanor.domain.job.JobEvent.JobLost;
import io.athanor.domain.job.JobEvent.JobSubmitted;
import io.athanor.domain.job.Receipt;
import io.athanor.domain.machine.MachineEvent.MachineEnrolled;
import io.athanor.domain.machine.MachineEvent.MachineRetired;
import io.athanor.domain.machine.MachineEvent.OfferListed;
import io.athanor.domain.provider.ProviderEvent.ProviderRegistered;
import io.athanor.domain.signing.SigningDomain;
import io.athanor.domain.signing.TypedCommands;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Verifies every stored signature again: wallets' and session keys' orders, attesters' reports, machines' receipts. */
final class SignatureCheck implements Check {
    private static final int KNOWN_SIGNERS = 4_096;

    private final KnownSigners signers = new KnownSigners(KNOWN_SIGNERS);
    private final Set<String> submitted = new HashSet<>();
    private @Nullable CheckerRegistered pending;

    @Override
    public void look(World before, Event event, Consumer<String> problem) {
        switch (event) {
            case JobSubmitted e -> submitted(before, e, problem);
            case JobCancelRequested e ->
                wallet(
                        before,
                        e.authorization(),
                        TypedCommands.cancelJob(
                                e.task().job(), e.why(), id(e.authorization()), until(e.authorization())),
                        SessionKey.Scope.CANCEL_JOB,
                        e.at(),
                        problem);
            case FundsHeld e -> unlessSession(before, e.authorization(), e.at(), problem);
            case ProviderRegistered e ->
                wallet(
                        before,
                        e.authorization(),
                        TypedCommands.registerProvider(
                                e.provider(),
                                e.name(),
                                e.ownerGroup(),
                                id(e.authorization()),
                                until(e.authorization())),
                        null,
                        e.at(),
                        problem);
            case MachineEnrolled e ->
                wallet(
                        before,
                        e.authorization(),
                        TypedCommands.authorizeAgent(
                                e.provider(),
                                e.agentKey(),
                                e.machine(),
                                id(e.authorization()),
                                until(e.authorization())),
                        null,
                        e.at(),
                        problem);
            case OfferListed e ->
                wallet(
                        before,
                        e.authorization(),
                        TypedCommands.listOffer(
                                e.machine(), e.price(), id(e.authorization()), until(e.authorization())),
                        null,
                        e.at(),
                        problem);
            case MachineRetired e ->
                wallet(
                        before,
                        e.authorization(),
                        TypedCommands.retireMachine(e.machine(), id(e.authorization()), until(e.authorization())),
                        null,
                        e.at(),
                        problem);
            case CheckerRegistered e -> pending = e;
            case AttesterAuthorised e -> checker(before, e, problem);
            case SessionKeyAuthorised e ->
                wallet(
                        before,
                        e.authorization(),
                        TypedCommands.authorizeSessionKey(
                                e.wallet(), e.key(), id(e.authorization()), until(e.authorization())),
                        null,
                        e.at(),
                        problem);
            case SessionKeyRevoked e ->
                wallet(
                        before,
                        e.authorization(),
                        TypedCommands.revokeSessionKey(
                                e.wallet(), e.key(), id(e.authorization()), until(e.authorization())),
                        null,
                        e.at(),
                        problem);
            case WithdrawalRequested e ->
                wallet(
                        before,
                        e.authorization(),
                        TypedCommands.requestWithdrawal(
                                e.wallet(), e.amount(), id(e.authorization()), until(e.authorization())),
                        null,
                        e.at(),
                        problem);
            case ReportCommitted e ->
                attester(
                        before,
                        e.round(),
                        e.checker(),
                        TypedCommands.commit(e.round(), e.checker(), e.commitment()),
                        e.signature(),
                        problem);
            case ReportRevealed e ->
                attester(
                        before, e.round(), e.checker(), TypedCommands.reportStruct(e.report()), e.signature(), problem);
            case JobCompleted e -> receipt(before, e.receipt(), problem);
            case JobFailed e -> receipt(before, e.receipt(), problem);
            case JobLost e -> receipt(before, e.receipt(), problem);
            case JobCancelled e -> receipt(before, e.receipt(), problem);
            default -> {
                // Nothing in the others is signed.
            }
        }
    }

    /** The order's signature covers all its tasks, so it is verified with the first of them. */
    private void submitted(World before, JobSubmitted e, Consumer<String> problem) {
        if (!submitted.add(e.task().job() + "|" + e.authorization().signature() + "|"
                + e.spec().hashCode())) {
            return;
        }
        Hash32 struct = TypedCommands.submitJob(
                e.task().job(),
                e.client(),
                Json.digest(e.spec()),
                e.spec().tasks(),
                e.spec().maxPrice(),
                e.spec().cap(),
                id(e.authorization()),
                until(e.authorization()));
        signed(before, e.authorization(), struct, problem);
        if (!e.authorization().wallet().equals(e.client())) {
            problem.accept("the order of " + e.client() + " was signed for "
                    + e.authorization().wallet());
        }
    }

    private static void unlessSession(World before, Authorization by, Instant at, Consumer<String> problem) {
        permitted(before, by, SessionKey.Scope.SUBMIT_JOB, at, problem);
    }

    private void wallet(
            World before,
            Authorization by,
            Hash32 struct,
            SessionKey.@Nullable Scope scope,
            Instant at,
            Consumer<String> problem) {
        signed(before, by, struct, problem);
        permitted(before, by, scope, at, problem);
    }

    private void signed(World before, Authorization by, Hash32 struct, Consumer<String> problem) {
        if (!verify(before, struct, by.signature(), by.signer())) {
            problem.accept("the signature is not " + by.signer() + "'s over this content");
        }
    }

    private static void permitted(
            World before, Authorization by, SessionKey.@Nullable Scope scope, Instant at, Consumer<String> problem) {
        if (!by.bySessionKey()) {
            return;
        }
        if (scope == null) {
            problem.accept("a session key signed what only the wallet may sign");
            return;
        }
        try {
            before.account(by.wallet()).requireSigner(by, scope, Ath.ZERO, at);
        } catch (Refused refused) {
            problem.accept(refused.detail());
        }
    }

    private void checker(World before, AttesterAuthorised e, Consumer<String> problem) {
        CheckerRegistered r = pending;
        pending = null;
        if (r == null || !r.checker().equals(e.checker())) {
            problem.accept("an attester key without the checker's registration before it");
            return;
        }
        Hash32 struct = TypedCommands.registerChecker(
                r.checker(),
                r.ownerGroup(),
                r.networkGroup(),
                r.region().name(),
                r.endpoint(),
                e.attester(),
                id(r.authorization()),
                until(r.authorization()));
        wallet(before, r.authorization(), struct, null, r.at(), problem);
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

    private static io.athanor.domain.common.CommandId id(Authorization by) {
        return by.commandId();
    }

    private static Instant until(Authorization by) {
        return by.expiresAt();
    }
}
