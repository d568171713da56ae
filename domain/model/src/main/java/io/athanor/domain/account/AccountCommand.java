package io.athanor.domain.account;

import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Authorization;
import io.athanor.domain.common.CaseId;
import io.athanor.domain.common.Command;
import io.athanor.domain.common.JobId;
import io.athanor.domain.common.PoolId;
import io.athanor.domain.common.StreamId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.governance.ProposalId;
import io.athanor.domain.hash.Hash32;
import java.time.Instant;
import java.util.List;

/** Orders to an account. The account comes into being with its first deposit or credit. */
public sealed interface AccountCommand extends Command {
    Wallet wallet();

    @Override
    default StreamId stream() {
        return StreamId.of(StreamId.ACCOUNT, wallet());
    }

    /** A final, numbered deposit of the vault. Repeats (a number not above the last) change nothing. */
    record CreditDeposit(Wallet wallet, long number, Ath amount, Hash32 transaction, long block, Instant at)
            implements AccountCommand {}

    /** Sets {@code amount} aside for a job. */
    record HoldFunds(Wallet wallet, JobId job, Ath amount, Authorization authorization, Instant at)
            implements AccountCommand {}

    /** Sets more aside for a job, of which nothing has been settled: {@code amount} in all, where {@code from} is held. */
    record RaiseHold(Wallet wallet, JobId job, Ath from, Ath amount, Authorization authorization, Instant at)
            implements AccountCommand {}

    /** Books one epoch for this account: what its jobs cost and what it earned. Once an epoch. */
    record SettleAccount(Wallet wallet, long epoch, List<HoldLine> holds, List<EarningLine> earnings, Instant at)
            implements AccountCommand {}

    /**
     * Locks an epoch's emission that was just credited, but for what is free at once; goes with {@code SettleAccount} in
     * one order. Once an epoch.
     *
     * @param days of vesting
     * @param day the settlement day of {@code at}
     */
    record VestEarnings(Wallet wallet, long epoch, Ath credited, int days, long day, Instant at)
            implements AccountCommand {}

    /** Frees what is due by the settlement day of {@code at}; anybody may ask. */
    record ReleaseEarnings(Wallet wallet, long day, Instant at) implements AccountCommand {}

    /**
     * A penalty takes what is still vesting before it takes stake; goes before the pool's slash. Once a case.
     *
     * @param asked the whole penalty, in wei
     * @param day the settlement day of {@code at}: what is due by then is freed first
     */
    record SlashVesting(Wallet wallet, CaseId penaltyCase, Ath asked, long day, Instant at) implements AccountCommand {}

    record AuthorizeSessionKey(Wallet wallet, SessionKey key, Authorization authorization, Instant at)
            implements AccountCommand {}

    record RevokeSessionKey(Wallet wallet, Wallet key, Authorization authorization, Instant at)
            implements AccountCommand {}

    /**
     * Refuses unless the signer is the wallet or a session key in force with the scope; changes nothing. Sent in one
     * unit of work before a command that a session key may sign and that holds nothing, such as a cancellation.
     */
    record CheckSigner(Wallet wallet, SessionKey.Scope scope, Authorization authorization, Instant at)
            implements AccountCommand {}

    /** Takes stake out of the account; goes with the pool's {@code Delegate} in one order. */
    record StakeFunds(Wallet wallet, PoolId pool, Ath amount, Authorization authorization, Instant at)
            implements AccountCommand {}

    /** Takes back what left a pool by the order's command before it; nothing for nothing. */
    record CreditStake(Wallet wallet, PoolId pool, Ath amount, Instant at) implements AccountCommand {}

    /** Sets a proposal's deposit aside; goes with {@code SubmitProposal} in one order. Nothing for nothing. */
    record LodgeDeposit(Wallet wallet, ProposalId proposal, Ath amount, Authorization authorization, Instant at)
            implements AccountCommand {}

    /** Takes the deposit back; goes with the count of the vote, which happens once. Nothing for nothing. */
    record ReturnDeposit(Wallet wallet, ProposalId proposal, Ath amount, Instant at) implements AccountCommand {}

    /** Takes one part of a grant, as the protocol's event of the same order grants it. */
    record CreditGrant(Wallet wallet, ProposalId proposal, int milestone, Ath amount, Instant at)
            implements AccountCommand {}

    /** Takes back what an epoch's canaries cost, as the protocol's event of the same order says; nothing for nothing. */
    record CreditCanaries(Wallet wallet, long epoch, Ath amount, Instant at) implements AccountCommand {}

    /** Puts a bond at stake in a case; goes with the case's command in one order. */
    record HoldCaseBond(Wallet wallet, CaseId penaltyCase, Ath amount, Authorization authorization, Instant at)
            implements AccountCommand {}

    /** Takes a part of what a case took; goes with the case's end in one order, which happens once. */
    record CreditCaseShare(Wallet wallet, CaseId penaltyCase, Ath amount, Instant at) implements AccountCommand {}

    /** Asks for payout on chain through the next withdrawal root. */
    record RequestWithdrawal(Wallet wallet, Ath amount, Authorization authorization, Instant at)
            implements AccountCommand {}

    /**
     * A final claim at the vault. Repeats (a sum not above the last) change nothing.
     *
     * @param paid everything that the vault ever paid this wallet, in wei
     */
    record RecordPayout(Wallet wallet, Ath paid, Hash32 transaction, long block, Instant at)
            implements AccountCommand {}
}
