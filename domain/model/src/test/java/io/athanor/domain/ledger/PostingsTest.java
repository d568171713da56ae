package io.athanor.domain.ledger;

import static io.athanor.domain.testing.Samples.at;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.athanor.domain.account.AccountEvent.DepositCredited;
import io.athanor.domain.account.AccountEvent.EarningsCredited;
import io.athanor.domain.account.AccountEvent.FundsHeld;
import io.athanor.domain.account.AccountEvent.HoldSettled;
import io.athanor.domain.account.AccountEvent.SessionKeyRevoked;
import io.athanor.domain.account.AccountEvent.WithdrawalPaid;
import io.athanor.domain.account.AccountEvent.WithdrawalRequested;
import io.athanor.domain.account.EarningLine;
import io.athanor.domain.account.EarningLine.Kind;
import io.athanor.domain.account.HoldLine;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Authorization;
import io.athanor.domain.common.Event;
import io.athanor.domain.common.JobId;
import io.athanor.domain.common.PoolId;
import io.athanor.domain.common.StreamId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.epoch.ChainHead;
import io.athanor.domain.epoch.EpochEvent.EpochClosed;
import io.athanor.domain.epoch.EpochEvent.RewardsComputed;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.job.JobEvent.JobFunded;
import io.athanor.domain.machine.MachineEvent.MachineWentOnline;
import io.athanor.domain.protocol.ProtocolCommand.Reserve;
import io.athanor.domain.protocol.ProtocolEvent.ReserveCredited;
import io.athanor.domain.stake.StakePoolEvent.StakeBonded;
import io.athanor.domain.testing.Samples;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class PostingsTest {
    private final Samples samples = new Samples(16);
    private final Wallet wallet = samples.wallet();
    private final Authorization signed = samples.authorization(wallet);
    private final JobId job = samples.job();
    private final LedgerAccount available = LedgerAccount.available(wallet);
    private final LedgerAccount held = LedgerAccount.held(wallet);
    private final LedgerAccount clearing = LedgerAccount.clearing(3);

    private static Ath wei(long wei) {
        return Ath.ofWei(wei);
    }

    private static void moves(Event event, Posting... postings) {
        assertThat(Postings.of(event)).containsExactly(postings);
    }

    @Test
    void depositsBondsAndReservesComeFromTheChain() {
        moves(
                new DepositCredited(wallet, 1, wei(5), Hash32.ZERO, 1, at(0)),
                new Posting(LedgerAccount.EXTERNAL, available, wei(5)));
        PoolId pool = PoolId.ofChecker(wallet);
        moves(
                new StakeBonded(pool, 1, wei(5), Hash32.ZERO, 1, at(0)),
                new Posting(LedgerAccount.EXTERNAL, LedgerAccount.pool(pool), wei(5)));
        moves(
                new ReserveCredited(1, Reserve.CHECKER, wei(5), Hash32.ZERO, 1, at(0)),
                new Posting(LedgerAccount.EXTERNAL, LedgerAccount.reserve(Reserve.CHECKER), wei(5)));
    }

    @Test
    void aHoldIsSetAsideAndSettledThroughClearing() {
        moves(new FundsHeld(wallet, job, wei(9), signed, at(0)), new Posting(available, held, wei(9)));
        List<HoldLine> lines =
                List.of(new HoldLine(job.task(0), wei(2), wei(3)), new HoldLine(job.task(1), wei(4), wei(0)));
        moves(
                new HoldSettled(wallet, 3, lines, at(0)),
                new Posting(held, clearing, wei(6)),
                new Posting(held, available, wei(3)));
        List<HoldLine> free = List.of(new HoldLine(job.task(0), wei(0), wei(3)));
        moves(new HoldSettled(wallet, 3, free, at(0)), new Posting(held, available, wei(3)));
    }

    @Test
    void anEpochsMoneyGoesThroughItsClearingAccount() {
        moves(
                new RewardsComputed(3, 1, wei(100), wei(7), wei(8), wei(20), 2, Hash32.ZERO, at(0)),
                new Posting(LedgerAccount.reserve(Reserve.PROVIDER), clearing, wei(7)),
                new Posting(LedgerAccount.reserve(Reserve.CHECKER), clearing, wei(8)),
                new Posting(clearing, LedgerAccount.TREASURY, wei(20)));
        List<EarningLine> lines =
                List.of(new EarningLine(Kind.HOST_FEE, "a", wei(80)), new EarningLine(Kind.CHECKER_BASE, "b", wei(8)));
        moves(new EarningsCredited(wallet, 3, lines, at(0)), new Posting(clearing, available, wei(88)));
    }

    @Test
    void aWithdrawalWaitsForItsPayout() {
        moves(
                new WithdrawalRequested(wallet, wei(4), wei(4), signed, at(0)),
                new Posting(available, LedgerAccount.withdrawing(wallet), wei(4)));
        moves(
                new WithdrawalPaid(wallet, wei(3), wei(3), Hash32.ZERO, 7, at(0)),
                new Posting(LedgerAccount.withdrawing(wallet), LedgerAccount.EXTERNAL, wei(3)));
    }

    @Test
    void memosMoveNothing() {
        moves(new JobFunded(job.task(0), wei(9), at(0)));
        moves(new MachineWentOnline(samples.machine(), at(0)));
        moves(new SessionKeyRevoked(wallet, wallet, signed, at(0)));
        moves(new EpochClosed(3, ChainHead.GENESIS, at(0)));
    }

    @Test
    void anUnknownFamilyIsNotSilentlyWithoutMoney() {
        assertThatThrownBy(() -> Postings.of(new Stranger(at(0)))).isInstanceOf(IllegalArgumentException.class);
    }

    private record Stranger(Instant at) implements Event {
        @Override
        public StreamId stream() {
            return new StreamId("stranger", "1");
        }
    }

    @Test
    void aPostingMovesSomethingSomewhere() {
        assertThatThrownBy(() -> new Posting(available, held, Ath.ZERO)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Posting(held, held, wei(1))).isInstanceOf(IllegalArgumentException.class);
        assertThat(new Posting(available, held, wei(1)).amount()).isEqualTo(wei(1));
    }
}
