package io.athanor.apitest;

import static org.assertj.core.api.Assertions.assertThat;

import io.athanor.codec.Json;
import io.athanor.crypto.Ed25519;
import io.athanor.domain.common.Sha256;
import io.athanor.domain.hash.Hex;
import io.athanor.domain.wire.AgentProtocol.Ready;
import io.athanor.domain.wire.AgentProtocol.ReadyTaken;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A machine says which programs it holds for an upgrade. */
@Tag("postgres")
class MachineReadinessTest {
    @Test
    void aMachineSignsForTheProgramsThatItHolds() {
        TestAgent agent = TestAgent.online(1);
        Sha256 programs = Sha256.of("programs".getBytes(StandardCharsets.UTF_8));
        byte[] text = Ready.signed(agent.machine, programs).getBytes(StandardCharsets.UTF_8);
        Ready signed = new Ready(programs, Hex.encode(Ed25519.sign(agent.device, text)));
        assertThat(agent.send("POST", "/agent/v1/readiness", Json.bytes(signed)).as(ReadyTaken.class))
                .as("no vote brings them yet")
                .isEqualTo(new ReadyTaken(false));
        Ready ofOthers = new Ready(Sha256.of(text), signed.signature());
        assertThat(agent.send("POST", "/agent/v1/readiness", Json.bytes(ofOthers))
                        .code())
                .isEqualTo("SIGNATURE_INVALID");
    }
}
