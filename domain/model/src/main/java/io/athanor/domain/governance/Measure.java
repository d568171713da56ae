package io.athanor.domain.governance;

import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Sha256;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.protocol.ProtocolParameters;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a proposal wants done when it passes. */
public sealed interface Measure {
    /** Whether two thirds must agree. */
    boolean weighty();

    /**
     * Other parameters, all of one subject, on top of the version in force.
     *
     * @param basedOn the version that the set changes; a proposal that another one overtook is not executed
     * @param whatIf the report that its proposer made of it; null without one
     */
    record ChangeParameters(
            Subject subject,
            int basedOn,
            ProtocolParameters parameters,
            @Nullable AttachedReport whatIf) implements Measure {
        /** Without a report. */
        public ChangeParameters(Subject subject, int basedOn, ProtocolParameters parameters) {
            this(subject, basedOn, parameters, null);
        }

        public ChangeParameters withReport(AttachedReport report) {
            return new ChangeParameters(subject, basedOn, parameters, report);
        }

        @Override
        public boolean weighty() {
            return subject != Subject.PARAMETERS;
        }
    }

    /**
     * A report of what the parameters would have changed. It is a function of the events up to an index, so anybody with an
     * export makes it again.
     *
     * @param digest of its canonical JSON
     * @param throughIndex the newest event that it knows
     * @param fromEpoch the first and {@code toEpoch} the last epoch that it was asked for
     */
    record AttachedReport(Sha256 digest, long throughIndex, long fromEpoch, long toEpoch) {}

    /** Which sections a change of parameters may touch. */
    enum Subject {
        /** Everything but rewards and penalties. */
        PARAMETERS,
        /** Rewards, fees, emission and what becomes of it; in force from a settlement day's first epoch. */
        REWARDS,
        /** What an offence costs, who judges it and who gets it; two thirds must agree. */
        PENALTIES
    }

    /** A grant of the treasury in parts. */
    record FundCommunity(Wallet recipient, String purpose, List<Milestone> milestones) implements Measure {
        public FundCommunity {
            milestones = List.copyOf(milestones);
        }

        @Override
        public boolean weighty() {
            return false;
        }

        public Ath total() {
            return Ath.sum(milestones.stream().map(Milestone::amount).toList());
        }
    }

    /** @param afterDays settlement days after execution, at which the part is paid */
    record Milestone(String name, Ath amount, int afterDays) {}

    /** A new version of the programs, named by the digest of its artifact. */
    record UpgradeNetwork(String version, Sha256 artifact, long activationEpoch) implements Measure {
        @Override
        public boolean weighty() {
            return true;
        }
    }
}
