package io.athanor.api.command;

import io.athanor.api.command.SignedCommand.Surroundings;
import io.athanor.api.web.Network;
import io.athanor.api.web.Problems;
import io.athanor.api.web.Reads;
import io.athanor.codec.Json;
import io.athanor.crypto.KnownSigners;
import io.athanor.crypto.Secp256k1;
import io.athanor.crypto.SignatureFault;
import io.athanor.domain.common.Authorization;
import io.athanor.domain.common.Command;
import io.athanor.domain.common.CommandId;
import io.athanor.domain.common.Limits;
import io.athanor.domain.common.Reason;
import io.athanor.domain.common.Refused;
import io.athanor.domain.common.Sha256;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.hash.Hex;
import io.athanor.domain.port.AcceptedOrders;
import io.athanor.domain.port.Commands;
import io.athanor.domain.port.Commands.Order;
import io.athanor.domain.port.Commands.Outcome;
import io.athanor.domain.port.Commands.Outside;
import io.athanor.domain.signing.SigningDomain;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Where signed commands enter: chain, expiry and signature are checked here, then the order is sent and its outcome
 * awaited. A repeat under the same command id gets the first answer; other content under it COMMAND_ID_REUSED.
 */
@Component
public final class CommandDesk {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final int SIGNERS_KEPT = 4_096;

    private final Commands commands;
    private final AcceptedOrders accepted;
    private final Surroundings here;
    private final InstantSource clock;
    private final KnownSigners signers = new KnownSigners(SIGNERS_KEPT);

    public CommandDesk(
            Commands commands,
            AcceptedOrders accepted,
            Network network,
            Reads reads,
            Fleet fleet,
            InstantSource clock) {
        this.commands = commands;
        this.accepted = accepted;
        this.here = new Surroundings(reads, network, fleet);
        this.clock = clock;
    }

    /**
     * The answer to an accepted command.
     *
     * @param events how many events it made, 0 for a repeat
     * @param index the history's index that includes it; a view whose {@code asOf} is not below shows it
     */
    public record Accepted(CommandId commandId, int events, long index) {}

    private record Fingerprint(String command, Wallet wallet, Object content) {}

    /**
     * Orders it. What was accepted once is answered as it was then, also when its authorisation has ended since, or the
     * rules of admission would refuse it today; the signature must hold in any case. Error: {@link Refused}.
     */
    public Accepted accept(SignedCommand command) {
        Authorization authorization = command.authorization();
        requireGenuine(authorization, command.chainId(), struct(command));
        Sha256 fingerprint = Json.digest(
                new Fingerprint(command.getClass().getSimpleName(), authorization.wallet(), command.content()));
        Outside outside = new Outside(authorization.commandId(), fingerprint);
        Outcome outcome;
        try {
            outcome = order(command, outside);
        } catch (Refused refused) {
            outcome = accepted.answerTo(outside).orElseThrow(() -> refused);
        }
        return new Accepted(authorization.commandId(), outcome.events(), outcome.index());
    }

    private Outcome order(SignedCommand command, Outside outside) {
        Authorization authorization = command.authorization();
        Instant now = requireInTime(authorization);
        Refused.unless(
                !authorization.bySessionKey() || command.scope() != null,
                Reason.NOT_ALLOWED,
                "only the wallet itself signs this");
        if (command.stopsInPause()) {
            here.network().requireRunning(now);
        }
        List<Command> ordered = command.commands(here, now);
        return send(new Order(ordered, outside, authorization.signer().address(), null));
    }

    private static Hash32 struct(SignedCommand command) {
        try {
            return command.struct();
        } catch (IllegalArgumentException e) {
            throw new Refused(Reason.MALFORMED, String.valueOf(e.getMessage()));
        }
    }

    /** The node's time, once chain, signature and expiry hold. Error: {@link Refused}. */
    public Instant requireSigned(Authorization authorization, @Nullable Long chainId, Hash32 struct) {
        requireGenuine(authorization, chainId, struct);
        return requireInTime(authorization);
    }

    private void requireGenuine(Authorization authorization, @Nullable Long chainId, Hash32 struct) {
        SigningDomain domain = here.network().signing();
        Refused.unless(
                chainId == null || chainId == domain.chainId(),
                Reason.WRONG_CHAIN,
                "this network's chain id is " + domain.chainId());
        requireSignature(domain.digest(struct), authorization.signature(), authorization.signer());
    }

    private Instant requireInTime(Authorization authorization) {
        Instant now = clock.instant();
        Refused.unless(
                now.isBefore(authorization.expiresAt()),
                Reason.SIGNATURE_EXPIRED,
                "the authorisation ended at " + authorization.expiresAt() + ", the server's time is " + now);
        Refused.unless(
                authorization.expiresAt().isBefore(now.plus(Limits.AUTHORIZATION_VALIDITY)),
                Reason.MALFORMED,
                "authorization.expiresAt lies more than " + Limits.AUTHORIZATION_VALIDITY.toDays() + " days ahead");
        return now;
    }

    /** Error: {@link Refused} SIGNATURE_INVALID unless this signer signed this digest. */
    public void requireSignature(Hash32 digest, String signature, Wallet signer) {
        Optional<SignatureFault> fault = signers.verify(digest, decode(signature), signer.address());
        Refused.unless(
                fault.isEmpty(),
                Reason.SIGNATURE_INVALID,
                "signature: " + fault.map(Enum::name).orElse("") + "; this must be signed by " + signer
                        + " for chain id " + here.network().identity().chainId());
    }

    private static byte[] decode(String signature) {
        try {
            return Hex.decode(signature, Secp256k1.SIGNATURE_BYTES);
        } catch (IllegalArgumentException e) {
            throw new Refused(Reason.SIGNATURE_INVALID, "signature: " + e.getMessage());
        }
    }

    /** Sends and waits for the commit. Error: {@link Refused}; UNAVAILABLE where the outcome is not known. */
    public Outcome send(Order order) {
        try {
            return commands.send(order).get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            Refused refused = Problems.refusedIn(e);
            if (refused != null) {
                throw refused;
            }
            throw new IllegalStateException("the command side failed", e);
        } catch (TimeoutException e) {
            throw unknown();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unknown();
        }
    }

    private static Refused unknown() {
        return new Refused(
                Reason.UNAVAILABLE,
                "the outcome is not known yet",
                "Send the same command with the same id again; it counts once.");
    }
}
