package io.athanor.chain;

import static org.assertj.core.api.Assertions.assertThat;

import io.athanor.chain.RecordTables.Refutation;
import io.athanor.domain.port.ChainStatus.Endpoint;
import io.athanor.domain.port.ChainStatus.Halt;
import io.athanor.domain.port.ChainStatus.Submitter;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class AlarmsTest {
    private static final Submitter PAID = new Submitter("0xab", "100", "50", false, "500");
    private static final Submitter LOW = new Submitter("0xab", "10", "50", true, "500");
    private static final Endpoint GOOD = new Endpoint("http://one", true, true, 0, null);
    private static final Endpoint BAD = new Endpoint("http://two", false, false, 3, "refused");

    @Test
    void allIsWell() {
        assertThat(Alarms.of(List.of(), List.of(), 100, 100 + Alarms.LAG_BLOCKS, PAID, null, List.of(GOOD, GOOD)))
                .isEmpty();
        assertThat(Alarms.of(List.of(), List.of(), 100, 100L, PAID, null, List.of(GOOD)))
                .isEmpty();
    }

    @Test
    void aHaltSaysWhatToDo() {
        Halt halt = new Halt("PAYOUTS", "a wei too much", Instant.EPOCH);
        assertThat(Alarms.of(List.of(halt), List.of(), 100, 100L, PAID, null, List.of(GOOD)))
                .singleElement()
                .asString()
                .startsWith("PAYOUTS is halted since ")
                .endsWith("athanor ops chain --resume");
    }

    @Test
    void aRefutedMatchIsNamedByItsTask() {
        Refutation known = new Refutation(
                "0x01", "0199f0f2-0000-7000-8000-000000000001.3", 7, "TERMS_DIFFER", "0xaa", 9, "3 cases");
        Refutation unknown = new Refutation("0x01", null, 7, "PRICE_ABOVE_ORDER", "0xaa", 9, null);
        assertThat(Alarms.of(List.of(), List.of(known, unknown), 100, 100L, PAID, null, List.of(GOOD)))
                .satisfiesExactly(
                        alarm -> assertThat(alarm)
                                .startsWith("the match of task 0199f0f2-0000-7000-8000-000000000001.3 under fence 7 was"
                                        + " refuted on chain by 0xaa in block 9 (TERMS_DIFFER); 3 cases: "),
                        alarm -> assertThat(alarm)
                                .contains("the unknown task 0x01", "(PRICE_ABOVE_ORDER); no case was opened: "));
    }

    @Test
    void lagAndSilenceAreTwoThings() {
        assertThat(Alarms.of(List.of(), List.of(), 100, 101 + Alarms.LAG_BLOCKS, PAID, null, List.of(GOOD)))
                .containsExactly("65 final blocks are not read: is a node leading?");
        assertThat(Alarms.of(List.of(), List.of(), 100, null, PAID, null, List.of(GOOD)))
                .containsExactly("no endpoint of the chain answers");
    }

    @Test
    void anEmptyingSubmitterAndALastEndpointAreNamed() {
        assertThat(Alarms.of(List.of(), List.of(), 100, 100L, LOW, null, List.of(GOOD, BAD)))
                .containsExactly("the submitter 0xab has 10 wei: refill it above 50", "one endpoint of 2 is left");
    }

    /** A node without a relay key has none to refill. */
    @Test
    void anEmptyingRelayIsNamedBesideAPaidSubmitter() {
        assertThat(Alarms.of(List.of(), List.of(), 100, 100L, PAID, LOW, List.of(GOOD)))
                .containsExactly(
                        "the relay 0xab has 10 wei: refill it above 50, or penalties, releases and claims wait");
        assertThat(Alarms.of(List.of(), List.of(), 100, 100L, PAID, PAID, List.of(GOOD)))
                .isEmpty();
    }
}
