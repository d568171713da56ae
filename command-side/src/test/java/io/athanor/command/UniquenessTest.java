package io.athanor.command;

import static io.athanor.command.Samples.NOW;
import static io.athanor.command.Samples.checker;
import static io.athanor.command.Samples.enroll;
import static io.athanor.command.Samples.inventory;
import static io.athanor.command.Samples.retire;
import static io.athanor.command.Samples.wallet;
import static org.assertj.core.api.Assertions.assertThat;

import io.athanor.domain.common.MachineId;
import io.athanor.domain.common.Reason;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.machine.MachineCommand.ReportHardware;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("postgres")
class UniquenessTest {
    private static TestNode node;

    @BeforeAll
    static void start() {
        node = new TestNode(TestNode.freshDatabase());
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    private static MachineId machine() {
        return new MachineId(Samples.id());
    }

    @Test
    void aGpuBelongsToOneMachineUntilThatRetires() {
        Wallet provider = wallet();
        MachineId first = machine();
        MachineId second = machine();
        node.send(enroll(provider, first, "0xa1", "0xk1", "GPU-a"));

        assertThat(node.refuses(Reason.ALREADY_REGISTERED, enroll(wallet(), second, "0xa2", "0xk2", "GPU-a")))
                .contains("gpu:GPU-a", first.toString());
        assertThat(node.events().read(0, 10_000))
                .noneMatch(stored -> stored.stream().id().equals(second.toString()));
        node.send(retire(provider, first));
        assertThat(node.send(enroll(wallet(), second, "0xa2", "0xk2", "GPU-a")).events())
                .isEqualTo(1);
    }

    @Test
    void aFingerprintAndAnAgentKeyBelongToOneMachine() {
        node.send(enroll(wallet(), machine(), "0xb1", "0xkb1", "GPU-b1"));
        assertThat(node.refuses(Reason.ALREADY_REGISTERED, enroll(wallet(), machine(), "0xb1", "0xkb2", "GPU-b2")))
                .contains("fingerprint:0xb1");
        assertThat(node.refuses(Reason.ALREADY_REGISTERED, enroll(wallet(), machine(), "0xb2", "0xkb1", "GPU-b2")))
                .contains("agent-key:0xkb1");
        assertThat(node.send(enroll(wallet(), machine(), "0xb2", "0xkb2", "GPU-b2"))
                        .events())
                .isEqualTo(1);
    }

    @Test
    void changedHardwareClaimsTheNewAndFreesTheOld() {
        MachineId first = machine();
        MachineId second = machine();
        node.send(enroll(wallet(), first, "0xc1", "0xkc1", "GPU-c1", "GPU-c2"));
        node.send(enroll(wallet(), second, "0xc2", "0xkc2", "GPU-c3"));

        node.refuses(Reason.ALREADY_REGISTERED, new ReportHardware(first, inventory("0xc1", "GPU-c1", "GPU-c3"), NOW));
        node.send(new ReportHardware(first, inventory("0xc1", "GPU-c1", "GPU-c4"), NOW));
        assertThat(node.send(new ReportHardware(second, inventory("0xc2", "GPU-c3", "GPU-c2"), NOW))
                        .events())
                .isEqualTo(1);
    }

    @Test
    void twoMachinesOfOneOrderCollideToo() {
        assertThat(node.refuses(
                        Reason.ALREADY_REGISTERED,
                        enroll(wallet(), machine(), "0xd1", "0xkd1", "GPU-d"),
                        enroll(wallet(), machine(), "0xd2", "0xkd2", "GPU-d")))
                .contains("gpu:GPU-d");
    }

    @Test
    void anAttesterKeyBelongsToOneChecker() {
        Wallet attester = wallet();
        node.send(checker(wallet(), attester));
        assertThat(node.refuses(Reason.ALREADY_REGISTERED, checker(wallet(), attester)))
                .contains("attester:" + attester);
        assertThat(node.send(checker(wallet(), wallet())).events()).isEqualTo(2);
    }
}
