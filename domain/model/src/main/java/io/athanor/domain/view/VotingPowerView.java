package io.athanor.domain.view;

import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.governance.PowerLine;
import java.util.List;

/** What a wallet weighs now, or weighed when a proposal was submitted; in wei of voting power. */
public record VotingPowerView(Wallet wallet, List<PowerLine> lines, Ath own, Ath total, long asOf) {
    public VotingPowerView {
        lines = List.copyOf(lines);
    }
}
