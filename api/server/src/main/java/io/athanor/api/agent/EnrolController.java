package io.athanor.api.agent;

import io.athanor.api.auth.Envelope;
import io.athanor.api.command.CommandDesk;
import io.athanor.api.web.Network;
import io.athanor.codec.Json;
import io.athanor.crypto.Ed25519;
import io.athanor.domain.common.Authorization;
import io.athanor.domain.common.MachineId;
import io.athanor.domain.common.Reason;
import io.athanor.domain.common.Refused;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.hash.Hex;
import io.athanor.domain.machine.MachineCommand.EnrollMachine;
import io.athanor.domain.port.Commands.Order;
import io.athanor.domain.port.Commands.Outside;
import io.athanor.domain.signing.TypedCommands;
import io.athanor.domain.wire.AgentProtocol.Enroll;
import io.athanor.domain.wire.AgentProtocol.Enrolled;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * A machine joins: a one-time token says that somebody expects it, the wallet's EIP-712 authorisation says whose it is,
 * and the request's own signature that it has the device key. A repeat by the same machine gets the same answer.
 */
@RestController
@RequestMapping("/agent/v1")
class EnrolController {
    private final CommandDesk desk;
    private final EnrolmentTokens tokens;
    private final AgentRecords records;
    private final Network network;
    private final InstantSource clock;

    EnrolController(
            CommandDesk desk, EnrolmentTokens tokens, AgentRecords records, Network network, InstantSource clock) {
        this.desk = desk;
        this.tokens = tokens;
        this.records = records;
        this.network = network;
        this.clock = clock;
    }

    private record Content(String command, MachineId machine, String agentKey, Wallet provider) {}

    @PostMapping("/enroll")
    Enrolled enroll(@RequestBody Enroll body, HttpServletRequest request) {
        Envelope envelope = Envelope.in(request);
        Refused.unless(
                envelope.device().equals(body.machine().toString()),
                Reason.SIGNATURE_INVALID,
                "the request's device is not the body's machine");
        requireKey(body.agentKey());
        envelope.requireDevice(body.agentKey());
        Authorization authorization = body.authorization();
        Refused.unless(!authorization.bySessionKey(), Reason.NOT_ALLOWED, "only the wallet itself signs this");
        Wallet provider = authorization.wallet();
        Instant now = desk.requireSigned(
                authorization,
                null,
                TypedCommands.authorizeAgent(
                        provider,
                        body.agentKey(),
                        body.machine(),
                        authorization.commandId(),
                        authorization.expiresAt()));
        tokens.use(body.token(), provider, body.machine());
        desk.send(new Order(
                List.of(new EnrollMachine(
                        body.machine(),
                        provider,
                        body.agentKey(),
                        body.inventory(),
                        network.parameters().admission(),
                        authorization,
                        now)),
                new Outside(
                        authorization.commandId(),
                        Json.digest(new Content("EnrollMachine", body.machine(), body.agentKey(), provider))),
                provider.address(),
                null));
        records.enrolled(body.machine(), body.agentKey(), provider);
        return new Enrolled(body.machine(), provider, clock.instant());
    }

    private static void requireKey(String agentKey) {
        try {
            Refused.unless(
                    Ed25519.isValidPublicKey(Hex.decode(agentKey, Ed25519.KEY_BYTES)),
                    Reason.MALFORMED,
                    "agentKey is no Ed25519 public key");
        } catch (IllegalArgumentException e) {
            throw new Refused(Reason.MALFORMED, "agentKey: " + e.getMessage());
        }
    }
}
