package io.athanor.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.athanor.domain.common.Reason;
import io.athanor.domain.common.Refused;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What an operator sees of the bridge to the chain. */
class OpsChainTest extends CommandLineTest {
    @Test
    void anOperatorSeesAHaltAsExitOneAndResumesIt() {
        Map<String, Object> submitter =
                Map.of("wallet", "0x01", "balance", "5", "refillBelow", "9", "low", true, "feeCap", "1");
        Map<String, Object> report = Map.of(
                "lanes", List.of(Map.of("kind", "BATCH", "open", Map.of("SEALED", 2), "finals", 7, "gasUsed", 99)),
                "signerSet", 1,
                "signers", 7,
                "quorum", 5,
                "readBlock", 4,
                "finalBlock", 6,
                "submitter", submitter,
                "relay", Map.of("wallet", "0x02", "balance", "3", "refillBelow", "8", "low", true, "feeCap", "1"),
                "endpoints", List.of());
        Map<String, Object> halted = new HashMap<>(report);
        halted.put("alarms", List.of("mend it"));
        halted.put(
                "halted",
                List.of(Map.of("part", "OUTBOUND", "reason", "because", "since", "2026-01-01T00:00:00.000Z")));
        Map<String, Object> resumed = new HashMap<>(report);
        resumed.put("halted", List.of());
        resumed.put("alarms", List.of());
        node.answer("GET /v1/ops/chain", request -> {
                    Refused.unless(!request.bearer().isEmpty(), Reason.NOT_SIGNED_IN, "no token");
                    return halted;
                })
                .answer("POST /v1/ops/chain/resume", request -> resumed);
        assertThat(run("ops", "chain")).as(err.toString()).isEqualTo(1);
        assertThat(out.toString())
                .contains(
                        "HALTED OUTBOUND",
                        "because",
                        "ALARM",
                        "mend it",
                        "REFILL: less than 9",
                        "0x02 has 3 wei, REFILL: less than 8",
                        "7 final");
        assertThat(run("ops", "chain", "--resume")).isZero();
    }
}
