package io.athanor.api.auth;

import static org.assertj.core.api.Assertions.assertThat;

import io.athanor.api.ApiSettings;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AddressBudgetTest {
    private static final int ASKED = 1_000;

    private final AddressBudget budget =
            new AddressBudget(new ApiSettings(Path.of("key"), Set.of(), Set.of(), ASKED, 1));

    private long admitted(String address, boolean signIn) {
        return IntStream.range(0, ASKED)
                .filter(i -> budget.admits(address, signIn))
                .count();
    }

    @Test
    void anAddressThatFloodsSignInIsCutOffAndNobodyElseIs() {
        assertThat(admitted("10.0.0.1", true)).isGreaterThan(0).isLessThan(ASKED);
        assertThat(budget.admits("10.0.0.1", false)).as("the other doors").isTrue();
        assertThat(budget.admits("10.0.0.2", true)).as("another address").isTrue();
    }

    @Test
    void theOtherDoorsTakeABurstOfTheirOwnRate() {
        assertThat(admitted("10.0.0.1", false)).isEqualTo(ASKED);
    }
}
