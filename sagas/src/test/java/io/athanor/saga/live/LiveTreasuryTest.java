package io.athanor.saga.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.athanor.domain.common.Ath;
import io.athanor.domain.governance.ProposalId;
import io.athanor.domain.protocol.ProtocolEvent.CommunityFundsGranted;
import io.athanor.saga.sim.Samples;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Two orders that were planned against one state of the treasury must not stop the fold. */
class LiveTreasuryTest {
    private static CommunityFundsGranted granted(int part, long ath) {
        return new CommunityFundsGranted(
                new ProposalId(new UUID(0, 1)), part, Samples.wallet(1), Ath.ofWhole(ath), Samples.GENESIS);
    }

    @Test
    void whatIsPaidTwiceOfTheSameTreasuryLeavesNothing() {
        LiveNetwork ten = LiveNetwork.NEW.treasuryBrought(Ath.ofWhole(10));
        LiveNetwork once = ten.evolve(granted(0, 8));
        assertThat(once.treasury()).isEqualTo(Ath.ofWhole(2));
        assertThat(once.evolve(granted(1, 8)).treasury()).isEqualTo(Ath.ZERO);
        assertThat(once.treasuryPaid(Ath.ofWhole(8)).treasury()).isEqualTo(Ath.ZERO);
    }
}
