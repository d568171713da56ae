package io.athanor.domain.view;

import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.governance.Measure;
import io.athanor.domain.governance.ProposalId;
import io.athanor.domain.governance.Tally;
import org.jspecify.annotations.Nullable;

/**
 * A proposal as it stands: SUBMITTED, VOTING, QUEUED, EXECUTED, DEFEATED or CANCELLED. Powers and deposit in wei.
 *
 * @param until the settlement day on which the stage ends
 * @param result null before the count
 * @param upgrade of a vote on programs that has passed; else null
 */
public record ProposalView(
        ProposalId id,
        Wallet proposer,
        String title,
        Measure measure,
        String stage,
        Ath deposit,
        Tally tally,
        int votes,
        long until,
        @Nullable String result,
        long day,
        @Nullable UpgradeView upgrade,
        long asOf) {}
