package io.athanor.domain.account;

import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Authorization;
import io.athanor.domain.common.CaseId;
import io.athanor.domain.common.Event;
import io.athanor.domain.common.JobId;
import io.athanor.domain.common.PoolId;
import io.athanor.domain.common.StreamId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.governance.ProposalId;
import io.athanor.domain.hash.Hash32;
import java.time.Instant;
import java.util.List;

/** What happened to an account. Amounts in wei. */
public sealed interface AccountEvent extends Event {
    Wallet wallet();

    @Override
    default StreamId stream() {
        return StreamId.of(StreamId.ACCOUNT, wallet());
    }

    record DepositCredited(Wallet wallet, long number, Ath amount, Hash32 transaction, long block, Instant at)
            implements AccountEvent {}

    record FundsHeld(Wallet wallet, JobId job, Ath amount, Authorization authorization, Instant at)
            implements AccountEvent {}

    /** {@code from} was held for the job and {@code amount} is now. */
    record HoldRaised(Wallet wallet, JobId job, Ath from, Ath amount, Authorization authorization, Instant at)
            implements AccountEvent {
        /** What was set aside beside what was held. */
        public Ath added() {
            return amount.minus(from);
        }
    }

    record HoldSettled(Wallet wallet, long epoch, List<HoldLine> lines, Instant at) implements AccountEvent {}

    record EarningsCredited(Wallet wallet, long epoch, List<EarningLine> lines, Instant at) implements AccountEvent {}

    /**
     * Of what is available {@code credited} is locked and of what was locked {@code freed} is available, in wei.
     *
     * @param epoch the newest whose emission was locked
     * @param days of vesting of the newest credit
     */
    record EarningsVested(Wallet wallet, long epoch, long day, int days, Ath credited, Ath freed, Instant at)
            implements AccountEvent {}

    /** Of what was vesting {@code taken} is lost, which may be nothing; the newest credits first. */
    record VestingSlashed(Wallet wallet, CaseId penaltyCase, Ath asked, long day, Ath taken, Instant at)
            implements AccountEvent {}

    record SessionKeyAuthorised(Wallet wallet, SessionKey key, Authorization authorization, Instant at)
            implements AccountEvent {}

    record SessionKeyRevoked(Wallet wallet, Wallet key, Authorization authorization, Instant at)
            implements AccountEvent {}

    /** Moves stake into the pool. */
    record FundsStaked(Wallet wallet, PoolId pool, Ath amount, Authorization authorization, Instant at)
            implements AccountEvent {}

    /** Moves released stake or claimed rewards out of the pool. */
    record StakeReturned(Wallet wallet, PoolId pool, Ath amount, Instant at) implements AccountEvent {}

    record DepositLodged(Wallet wallet, ProposalId proposal, Ath amount, Authorization authorization, Instant at)
            implements AccountEvent {}

    record DepositReturned(Wallet wallet, ProposalId proposal, Ath amount, Instant at) implements AccountEvent {}

    record GrantCredited(Wallet wallet, ProposalId proposal, int milestone, Ath amount, Instant at)
            implements AccountEvent {}

    /** What an epoch's canaries cost comes back from the treasury. */
    record CanariesCredited(Wallet wallet, long epoch, Ath amount, Instant at) implements AccountEvent {}

    record WithdrawalRequested(Wallet wallet, Ath amount, Ath cumulative, Authorization authorization, Instant at)
            implements AccountEvent {}

    /** The vault paid {@code amount}, and {@code paid} with everything before it. */
    record WithdrawalPaid(Wallet wallet, Ath amount, Ath paid, Hash32 transaction, long block, Instant at)
            implements AccountEvent {}

    record CaseBondHeld(Wallet wallet, CaseId penaltyCase, Ath amount, Authorization authorization, Instant at)
            implements AccountEvent {}

    record CaseShareCredited(Wallet wallet, CaseId penaltyCase, Ath amount, Instant at) implements AccountEvent {}
}
