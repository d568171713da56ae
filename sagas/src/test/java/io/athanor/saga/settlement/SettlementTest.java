package io.athanor.saga.settlement;

import static org.assertj.core.api.Assertions.assertThat;

import io.athanor.domain.account.AccountEvent.EarningsCredited;
import io.athanor.domain.account.AccountEvent.EarningsVested;
import io.athanor.domain.account.AccountEvent.HoldSettled;
import io.athanor.domain.account.Basis;
import io.athanor.domain.account.EarningLine;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Limits;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.epoch.EpochEvent.EpochClosed;
import io.athanor.domain.epoch.EpochEvent.EpochOpened;
import io.athanor.domain.epoch.EpochEvent.RewardsComputed;
import io.athanor.domain.epoch.EpochEvent.SettlementBatched;
import io.athanor.domain.epoch.EpochLeaves;
import io.athanor.domain.hash.MerkleTree;
import io.athanor.domain.job.JobEvent.JobAssigned;
import io.athanor.domain.job.JobEvent.JobSettled;
import io.athanor.domain.ledger.Balances;
import io.athanor.domain.ledger.LedgerAccount;
import io.athanor.domain.protocol.ProtocolCommand.ScheduleParameters;
import io.athanor.domain.protocol.ProtocolEvent.ParametersActivated;
import io.athanor.domain.protocol.ProtocolParameters;
import io.athanor.saga.live.LiveNetwork;
import io.athanor.saga.sim.Invariants;
import io.athanor.saga.sim.Samples;
import io.athanor.saga.sim.SimMachine;
import io.athanor.saga.sim.SimNetwork;
import io.athanor.saga.sim.SimNetwork.Faults;
import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** An epoch's money, on a network in which nothing else fails, and with a crash at every step. */
class SettlementTest {
    private static final Duration CERTIFIED = Duration.ofSeconds(40);
    private static final Duration EPOCH =
            Duration.ofMillis(Samples.DEVNET.timing().epochMillis());

    private final SimNetwork network = new SimNetwork(4, Faults.NONE);
    private final Wallet client = network.client(1);
    private final Wallet provider = network.provider(1);

    private void work(int tasks) {
        SimMachine machine = network.machine(1, provider, 8, true);
        machine.runFor(200, 300);
        network.checkers(7).forEach(checker -> checker.sees(machine));
        network.run(CERTIFIED);
        network.submit(client, 1, Samples.spec(tasks, 1));
    }

    @Test
    void anEpochPaysHostCheckersAndTreasuryAndItsBatchCarriesEveryTask() {
        work(20);
        network.run(EPOCH.multipliedBy(6));
        List<JobSettled> settled = network.all(JobSettled.class);
        assertThat(settled).hasSize(20);
        Balances balances = new Balances();
        network.log().events().forEach(event -> balances.apply(event.event()));
        Ath paid = Ath.sum(settled.stream().map(e -> e.assessment().cost()).toList());
        Ath fee =
                Ath.sum(settled.stream().map(e -> e.assessment().protocolFee()).toList());
        assertThat(paid.isZero()).isFalse();
        assertThat(balances.balance(LedgerAccount.TREASURY)).isEqualTo(fee.wei());
        assertThat(balances.balance(LedgerAccount.held(client))).isZero();
        assertThat(balances.balance(LedgerAccount.available(client)))
                .isEqualTo(Ath.ofWhole(1_000_000).minus(paid).wei());
        assertThat(kinds(provider))
                .contains(
                        EarningLine.Kind.HOST_FEE,
                        EarningLine.Kind.PROOF_OF_CAPACITY,
                        EarningLine.Kind.PROOF_OF_DELIVERY);
        assertThat(kinds(Samples.wallet(100))).containsOnly(EarningLine.Kind.CHECKER_BASE);
        assertThat(balances.balance(LedgerAccount.vesting(provider)))
                .isPositive()
                .isEqualTo(vesting(provider).wei());
        network.all(SettlementBatched.class).forEach(this::isOfItsTasks);
    }

    /** A quarter has two days of six epochs here, and its marks outlive the node's crash. */
    @Test
    void aQuartersBonusIsPaidInTheBooksOfItsLastEpochAlone() {
        work(6);
        network.run(EPOCH.multipliedBy(4));
        network.crash();
        network.run(EPOCH.multipliedBy(10));
        List<EarningsCredited> paid = network.all(EarningsCredited.class).stream()
                .filter(e -> e.lines().stream().anyMatch(line -> line.kind() == EarningLine.Kind.CHECKER_BONUS))
                .toList();
        assertThat(paid).extracting(EarningsCredited::epoch).containsOnly(11L);
        assertThat(paid).hasSize(7).extracting(EarningsCredited::wallet).doesNotHaveDuplicates();
        Basis first = Objects.requireNonNull(bonus(paid.getFirst()).basis());
        assertThat(first.pool()).isEqualTo(Ath.ofWhole(2_874_742));
        assertThat(first.sum())
                .isEqualTo(paid.stream()
                        .map(e -> Objects.requireNonNull(bonus(e).basis()).weight())
                        .reduce(BigInteger.ZERO, BigInteger::add));
        Invariants.ofReplay(network.log());
    }

    private static EarningLine bonus(EarningsCredited e) {
        return e.lines().stream()
                .filter(line -> line.kind() == EarningLine.Kind.CHECKER_BONUS)
                .findFirst()
                .orElseThrow();
    }

    /** What of its emission the account may not spend yet. */
    private Ath vesting(Wallet wallet) {
        Ath locked = Ath.ZERO;
        for (EarningsVested e : network.all(EarningsVested.class)) {
            locked = e.wallet().equals(wallet) ? locked.plus(e.credited()).minus(e.freed()) : locked;
        }
        return locked;
    }

    private List<EarningLine.Kind> kinds(Wallet wallet) {
        return network.all(EarningsCredited.class).stream()
                .filter(e -> e.wallet().equals(wallet))
                .flatMap(e -> e.lines().stream())
                .map(EarningLine::kind)
                .toList();
    }

    /** Those that were made while it was the newest epoch. */
    private List<JobAssigned> leasesOf(long epoch) {
        List<JobAssigned> leases = new ArrayList<>();
        long newest = -1;
        for (var committed : network.log().events()) {
            if (committed.event() instanceof EpochOpened opened) {
                newest = opened.epoch();
            } else if (committed.event() instanceof JobAssigned assigned && newest == epoch) {
                leases.add(assigned);
            }
        }
        return leases;
    }

    private void isOfItsTasks(SettlementBatched batched) {
        EpochLeaves leaves = new EpochLeaves(
                network.all(JobSettled.class).stream()
                        .filter(e -> e.epoch() == batched.epoch())
                        .toList(),
                leasesOf(batched.epoch()));
        assertThat(batched.batch().count()).isEqualTo(leaves.size());
        assertThat(batched.batch().root()).isEqualTo(MerkleTree.root(leaves.leaves(0, leaves.size())));
    }

    @Test
    void epochsAreSettledInTheirOrder() {
        work(40);
        network.run(EPOCH.multipliedBy(8));
        assertThat(network.all(EpochClosed.class))
                .extracting(EpochClosed::epoch)
                .isSorted();
        assertThat(network.all(RewardsComputed.class))
                .extracting(RewardsComputed::epoch)
                .isSorted()
                .doesNotHaveDuplicates();
    }

    /** The node starts again after every tenth of a second, so no step has what memory knew in the one before. */
    @Test
    @Tag("sim")
    void aCrashAtEveryStepSettlesEverythingOnce() {
        work(3 * Limits.CHUNK_LINES);
        network.run(EPOCH.multipliedBy(2));
        int beforeCrashes = network.all(JobSettled.class).size();
        for (int i = 0; i < 600; i++) {
            network.crash();
            network.run(SimNetwork.TICK);
        }
        network.run(EPOCH.multipliedBy(8));
        List<JobSettled> settled = network.all(JobSettled.class);
        assertThat(beforeCrashes).isLessThan(3 * Limits.CHUNK_LINES);
        assertThat(settled)
                .hasSize(3 * Limits.CHUNK_LINES)
                .extracting(JobSettled::task)
                .doesNotHaveDuplicates();
        assertThat(network.all(HoldSettled.class).stream().flatMap(e -> e.lines().stream()))
                .hasSize(3 * Limits.CHUNK_LINES);
        assertThat(network.parked().list()).isEmpty();
        Balances balances = new Balances();
        network.log().events().forEach(event -> balances.apply(event.event()));
    }

    @Test
    void scheduledParametersAreInForceWhenTheirEpochOpens() {
        work(1);
        ProtocolParameters p = Samples.DEVNET;
        ProtocolParameters.Reward r = p.reward();
        ProtocolParameters changed = new ProtocolParameters(
                p.profile(),
                p.timing(),
                p.admission(),
                p.liveness(),
                p.sla(),
                p.committee(),
                new ProtocolParameters.Reward(
                        r.providerYearsPpm(),
                        r.providerReserve(),
                        r.checkerReserve(),
                        r.checkerBasePerDay(),
                        1_000,
                        r.deliveryCapPpm(),
                        r.treasurySharePpm(),
                        r.modelPpm()),
                p.stake(),
                p.market());
        network.send(new ScheduleParameters(changed, 6, network.now()));
        network.run(EPOCH.multipliedBy(5));
        ParametersActivated active = network.all(ParametersActivated.class).getLast();
        assertThat(active.version()).isEqualTo(2);
        assertThat(active.at())
                .isBetween(Samples.GENESIS.plus(EPOCH.multipliedBy(6)), Samples.GENESIS.plus(EPOCH.multipliedBy(7)));
        assertThat(versionOf(5)).isEqualTo(1);
        assertThat(versionOf(6)).isEqualTo(2);
    }

    private int versionOf(long epoch) {
        LiveNetwork known = Objects.requireNonNull(network.live().network());
        return Objects.requireNonNull(known.parametersOf(epoch)).version();
    }
}
