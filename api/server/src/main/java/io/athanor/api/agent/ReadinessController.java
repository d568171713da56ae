package io.athanor.api.agent;

import io.athanor.api.auth.Caller;
import io.athanor.api.command.ReadinessDesk;
import io.athanor.crypto.Ed25519;
import io.athanor.domain.common.Reason;
import io.athanor.domain.common.Refused;
import io.athanor.domain.common.StreamId;
import io.athanor.domain.hash.Hex;
import io.athanor.domain.wire.AgentProtocol.Ready;
import io.athanor.domain.wire.AgentProtocol.ReadyTaken;
import java.nio.charset.StandardCharsets;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** A machine holds the programs of an upgrade. */
@RestController
@RequestMapping("/agent/v1/readiness")
class ReadinessController {
    private final ReadinessDesk desk;

    ReadinessController(ReadinessDesk desk) {
        this.desk = desk;
    }

    @PostMapping
    ReadyTaken take(@RequestBody Ready body) {
        Caller.Machine caller = Caller.current(Caller.Machine.class);
        Refused.unless(
                isSigned(body, caller), Reason.SIGNATURE_INVALID, "the report is not signed by " + caller.machine());
        return desk.take(StreamId.of(StreamId.MACHINE, caller.machine()), body);
    }

    private static boolean isSigned(Ready body, Caller.Machine caller) {
        byte[] text = Ready.signed(caller.machine(), body.artifact()).getBytes(StandardCharsets.UTF_8);
        try {
            return Ed25519.verify(Hex.decode(caller.agentKey()), text, Hex.decode(body.signature()));
        } catch (IllegalArgumentException malformed) {
            return false;
        }
    }
}
