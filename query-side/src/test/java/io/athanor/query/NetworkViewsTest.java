package io.athanor.query;

import static io.athanor.query.testing.Ids.at;
import static io.athanor.query.testing.Ids.authorization;
import static io.athanor.query.testing.Ids.job;
import static io.athanor.query.testing.Ids.machine;
import static io.athanor.query.testing.Ids.wallet;
import static org.assertj.core.api.Assertions.assertThat;

import io.athanor.codec.Profiles;
import io.athanor.domain.account.AccountEvent.WithdrawalRequested;
import io.athanor.domain.attestation.RoundEvent.RoundOpened;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Event;
import io.athanor.domain.common.MachineId;
import io.athanor.domain.common.RoundId;
import io.athanor.domain.common.TaskId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.epoch.ChainHead;
import io.athanor.domain.epoch.LeafKind;
import io.athanor.domain.epoch.MatchLeaf;
import io.athanor.domain.hash.Hex;
import io.athanor.domain.hash.MerkleTree;
import io.athanor.domain.job.JobEvent.JobAssigned;
import io.athanor.domain.machine.Inventory;
import io.athanor.domain.machine.MachineEvent.HardwareChanged;
import io.athanor.domain.machine.MachineEvent.MachineRetired;
import io.athanor.domain.machine.MachineEvent.MachineWentOffline;
import io.athanor.domain.protocol.ProtocolEvent.ParametersActivated;
import io.athanor.domain.query.Queries.CurrentParameters;
import io.athanor.domain.query.Queries.FindAccount;
import io.athanor.domain.query.Queries.FindBatch;
import io.athanor.domain.query.Queries.FindChecker;
import io.athanor.domain.query.Queries.FindCheckerByAttester;
import io.athanor.domain.query.Queries.FindEpoch;
import io.athanor.domain.query.Queries.FindMachine;
import io.athanor.domain.query.Queries.FindProof;
import io.athanor.domain.query.Queries.FindProvider;
import io.athanor.domain.query.Queries.FindRound;
import io.athanor.domain.query.Queries.ListBalances;
import io.athanor.domain.query.Queries.ListBatches;
import io.athanor.domain.query.Queries.ListCheckers;
import io.athanor.domain.query.Queries.ListEpochs;
import io.athanor.domain.query.Queries.ListLedger;
import io.athanor.domain.query.Queries.ListMachines;
import io.athanor.domain.query.Queries.ListRounds;
import io.athanor.domain.query.Queries.OpenRoundsOf;
import io.athanor.domain.view.AccountView;
import io.athanor.domain.view.BatchView;
import io.athanor.domain.view.CheckerView;
import io.athanor.domain.view.EpochView;
import io.athanor.domain.view.LedgerBalance;
import io.athanor.domain.view.LedgerLine;
import io.athanor.domain.view.MachineView;
import io.athanor.domain.view.Page;
import io.athanor.domain.view.ProofView;
import io.athanor.domain.view.ProviderView;
import io.athanor.domain.view.RoundView;
import io.athanor.domain.wire.CheckerProtocol.RoundDuty;
import io.athanor.query.testing.Ids;
import io.athanor.query.testing.Jobs;
import io.athanor.query.testing.Network;
import io.athanor.query.testing.TestNode;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("postgres")
class NetworkViewsTest {
    private static final MachineId ONE = machine(1);
    private static final MachineId TWO = machine(2);
    private static final Wallet CLIENT = wallet(100);
    private TestNode node;

    @BeforeEach
    void start() {
        node = TestNode.start();
    }

    @AfterEach
    void stop() {
        node.close();
    }

    @Test
    void machinesAndProvidersAreShownAsTheyStand() {
        node.append(Network.provider(ONE, TWO));
        node.show(Jobs.assign(job(1).task(0), 1, ONE, 100).subList(0, 1));
        MachineView one = node.find(new FindMachine(ONE), MachineView.class).orElseThrow();
        assertThat(one.standing()).isEqualTo("CERTIFIED");
        assertThat(one.online()).isTrue();
        assertThat(one.inventory()).isEqualTo(Network.inventory());
        assertThat(one.gpus()).isEqualTo(8);
        assertThat(one.gpusReserved()).isEqualTo(2);
        assertThat(one.price()).isEqualTo(Ath.ofWei(100_000_000_000_000L));

        Inventory smaller = Network.inventory();
        Inventory fewer = new Inventory(
                smaller.fingerprint(),
                smaller.region(),
                smaller.gpus().subList(0, 4),
                smaller.cpuThreads(),
                smaller.memoryMib(),
                smaller.diskGib(),
                smaller.downMbit(),
                smaller.upMbit(),
                smaller.engineVersion(),
                true);
        node.append(List.of(
                new MachineWentOffline(ONE, "no sign of life", at(200)), new HardwareChanged(ONE, fewer, at(210))));
        node.show(List.of(new MachineRetired(TWO, authorization(Jobs.PROVIDER, 220), at(220))));
        MachineView changed = node.find(new FindMachine(ONE), MachineView.class).orElseThrow();
        assertThat(changed.online()).isFalse();
        assertThat(changed.standing()).isEqualTo("ENROLLED");
        assertThat(changed.gpus()).isEqualTo(4);
        assertThat(changed.inventory()).isEqualTo(fewer);

        ProviderView provider =
                node.find(new FindProvider(Jobs.PROVIDER), ProviderView.class).orElseThrow();
        assertThat(provider.standing()).isEqualTo("ACTIVE");
        assertThat(provider.machines()).isEqualTo(1);
        Page<MachineView> first = node.page(new ListMachines(Jobs.PROVIDER, null, 1));
        Page<MachineView> second = node.page(new ListMachines(Jobs.PROVIDER, first.next(), 1));
        assertThat(first.items()).extracting(MachineView::id).containsExactly(ONE);
        assertThat(second.items()).extracting(MachineView::id).containsExactly(TWO);
        assertThat(second.next()).isNull();
        assertThat(node.<MachineView>page(new ListMachines(wallet(9), null, 5)).items())
                .isEmpty();
    }

    @Test
    void roundsShowTheirDutiesAndCountForTheCheckers() {
        TaskId task = job(1).task(0);
        node.append(Network.checker(Network.CHECKER));
        node.append(Network.checker(Network.LAZY_CHECKER));
        RoundOpened opened = Network.openRound(Jobs.DELIVERIES, task, ONE, 1_000);
        node.append(List.of(opened));
        node.append(List.of(
                Network.commit(Jobs.DELIVERIES, Network.CHECKER, 1_100),
                Network.commit(Jobs.DELIVERIES, Network.LAZY_CHECKER, 1_200)));
        node.show(List.of(Network.reveal(opened, Network.CHECKER, 4_100)));

        assertThat(node.<RoundDuty>page(new OpenRoundsOf(Network.CHECKER, 0)).items())
                .containsExactly(new RoundDuty(opened, true, true));
        assertThat(node.<RoundDuty>page(new OpenRoundsOf(Network.LAZY_CHECKER, 0))
                        .items())
                .containsExactly(new RoundDuty(opened, true, false));
        String newest =
                node.<RoundDuty>page(new OpenRoundsOf(Network.CHECKER, 0)).next();
        long after = Long.parseLong(String.valueOf(newest));
        assertThat(node.<RoundDuty>page(new OpenRoundsOf(Network.CHECKER, after - 1))
                        .items())
                .hasSize(1);
        assertThat(node.<RoundDuty>page(new OpenRoundsOf(Network.CHECKER, after))
                        .items())
                .isEmpty();
        RoundView open =
                node.find(new FindRound(Jobs.DELIVERIES), RoundView.class).orElseThrow();
        assertThat(open.state()).isEqualTo("OPEN");
        assertThat(open.committed()).isEqualTo(2);
        assertThat(open.revealed()).isEqualTo(1);
        assertThat(open.verdicts()).isEmpty();

        node.show(List.of(Network.finalizeRound(opened, 8_000)));
        RoundView closed =
                node.find(new FindRound(Jobs.DELIVERIES), RoundView.class).orElseThrow();
        assertThat(closed.state()).isEqualTo("FINALIZED");
        assertThat(closed.opened()).isEqualTo(opened);
        assertThat(closed.verdicts()).hasSize(1);
        assertThat(closed.closedAt()).isEqualTo(at(8_000));
        assertThat(node.<RoundDuty>page(new OpenRoundsOf(Network.CHECKER, 0)).items())
                .isEmpty();

        CheckerView good =
                node.find(new FindChecker(Network.CHECKER), CheckerView.class).orElseThrow();
        assertThat(good.roundsCorrect()).isEqualTo(1);
        assertThat(good.roundsWrong()).isZero();
        assertThat(good.stake()).isEqualTo(Ath.ofWhole(10_000));
        assertThat(good.standing()).isEqualTo("ACTIVE");
        CheckerView lazy = node.find(
                        new FindCheckerByAttester(Network.attester(Network.LAZY_CHECKER)), CheckerView.class)
                .orElseThrow();
        assertThat(lazy.wallet()).isEqualTo(Network.LAZY_CHECKER);
        assertThat(lazy.roundsWrong()).isEqualTo(1);
    }

    @Test
    void roundsAndCheckersAreListedPageByPage() {
        for (long i = 1; i <= 3; i++) {
            node.append(Network.checker(wallet(400 + i)));
        }
        List<RoundId> rounds = new ArrayList<>();
        for (int shard = 0; shard < 4; shard++) {
            RoundId id = new RoundId(shard / 2, RoundId.Kind.DELIVERY, shard, 0);
            rounds.addFirst(id);
            node.show(List.of(Network.openRound(id, job(shard).task(0), ONE, 1_000 + shard)));
        }
        Page<CheckerView> checkers = node.page(new ListCheckers(null, 2));
        Page<CheckerView> others = node.page(new ListCheckers(checkers.next(), 2));
        assertThat(checkers.items()).extracting(CheckerView::wallet).containsExactly(wallet(401), wallet(402));
        assertThat(others.items()).extracting(CheckerView::wallet).containsExactly(wallet(403));

        Page<RoundView> newest = node.page(new ListRounds(null, null, 3));
        Page<RoundView> oldest = node.page(new ListRounds(null, newest.next(), 3));
        assertThat(newest.items()).extracting(RoundView::id).isEqualTo(rounds.subList(0, 3));
        assertThat(oldest.items()).extracting(RoundView::id).isEqualTo(rounds.subList(3, 4));
        assertThat(node.<RoundView>page(new ListRounds(1L, null, 3)).items())
                .extracting(RoundView::id)
                .isEqualTo(rounds.subList(0, 2));
    }

    @Test
    void moneyIsShownAsAccountsLinesAndBalances() {
        List<TaskId> tasks = Jobs.tasks(job(1), 2);
        node.append(Network.genesis());
        node.append(List.of(Network.deposit(CLIENT, 1, Ath.ofWhole(50)), Network.openEpoch(0)));
        node.append(Jobs.submit(job(1), CLIENT, 2, 1_000));
        for (TaskId task : tasks) {
            node.append(Jobs.assign(task, 1, ONE, 1_100).subList(1, 3));
            node.append(Jobs.complete(task, 1, ONE, 1_500).subList(0, 1));
            node.append(List.of(Jobs.assess(task, 2_000)));
        }
        long index = node.show(List.of(
                Network.settle(0, CLIENT, tasks, ChainHead.GENESIS, 100, 9_000).get(0),
                Network.settle(0, CLIENT, tasks, ChainHead.GENESIS, 100, 9_000).get(1),
                Network.settle(0, CLIENT, tasks, ChainHead.GENESIS, 100, 9_000).get(2),
                new WithdrawalRequested(
                        CLIENT, Ath.ofWhole(3), Ath.ofWhole(3), authorization(CLIENT, 9_500), at(9_500))));

        Ath cost = Jobs.COST.times(2);
        AccountView client =
                node.find(new FindAccount(CLIENT), AccountView.class).orElseThrow();
        assertThat(client)
                .isEqualTo(new AccountView(
                        CLIENT,
                        Ath.ofWhole(50).minus(cost).minus(Ath.ofWhole(3)),
                        Ath.ZERO,
                        Ath.ZERO,
                        Ath.ofWhole(50),
                        Ath.ZERO,
                        cost,
                        Ath.ofWhole(3),
                        index));
        AccountView provider =
                node.find(new FindAccount(Jobs.PROVIDER), AccountView.class).orElseThrow();
        assertThat(provider.earned()).isEqualTo(cost.minus(cost.bps(2_000)).plus(Network.EMISSION));
        assertThat(provider.available()).isEqualTo(provider.earned());
        assertThat(node.find(new FindAccount(wallet(9)), AccountView.class)).isEmpty();

        Page<LedgerBalance> balances = node.page(new ListBalances(null, 100));
        assertThat(Ath.sum(
                        balances.items().stream().map(LedgerBalance::received).toList()))
                .isEqualTo(Ath.sum(
                        balances.items().stream().map(LedgerBalance::sent).toList()))
                .isNotEqualTo(Ath.ZERO);
        LedgerBalance clearing = balances.items().stream()
                .filter(balance -> balance.account().equals("clearing:0"))
                .findFirst()
                .orElseThrow();
        assertThat(clearing.received()).isEqualTo(clearing.sent());
        LedgerBalance available = balances.items().stream()
                .filter(balance -> balance.account().equals("available:" + CLIENT))
                .findFirst()
                .orElseThrow();
        assertThat(available.received().minus(available.sent())).isEqualTo(client.available());
        ledgerPages("available:" + CLIENT);
    }

    private void ledgerPages(String account) {
        List<LedgerLine> lines = new ArrayList<>();
        String after = null;
        do {
            Page<LedgerLine> page = node.page(new ListLedger(account, after, 1));
            lines.addAll(page.items());
            after = page.next();
        } while (after != null);
        assertThat(lines)
                .extracting(LedgerLine::event)
                .containsExactly(
                        "account.WithdrawalRequested",
                        "account.HoldSettled",
                        "account.FundsHeld",
                        "account.DepositCredited");
        Page<LedgerLine> all = node.page(new ListLedger(null, null, 100));
        assertThat(all.items()).hasSizeGreaterThan(lines.size()).containsAll(lines);
        assertThat(all.items()).isSortedAccordingTo((a, b) -> Long.compare(b.index(), a.index()));
    }

    /** The tasks of job 2, on one machine each after the other. */
    private List<JobAssigned> leases(List<TaskId> tasks) {
        List<JobAssigned> leases = new ArrayList<>();
        for (TaskId task : tasks) {
            if (task.job().equals(job(2))) {
                List<Event> events = Jobs.assign(task, 1, Ids.machine(task.index()), 2_000);
                leases.add((JobAssigned) events.getLast());
                node.append(List.of(events.getLast()));
            }
        }
        return leases;
    }

    private ProofView verifies(FindProof query) {
        ProofView proof = node.find(query, ProofView.class).orElseThrow();
        BatchView batch = node.find(new FindBatch(proof.seq()), BatchView.class).orElseThrow();
        assertThat(proof.root()).isEqualTo(batch.root());
        assertThat(proof.size()).isEqualTo(batch.count());
        assertThat(MerkleTree.verify(
                        batch.root(),
                        MerkleTree.leafHash(Hex.decode(proof.leaf())),
                        proof.index(),
                        proof.size(),
                        proof.path()))
                .isTrue();
        return proof;
    }

    @Test
    void settledTasksMatchesAndAgreementsGetProofsThatVerify() {
        List<TaskId> tasks = new ArrayList<>(Jobs.tasks(job(2), 12));
        tasks.addAll(Jobs.tasks(job(1), 1));
        node.append(List.of(Network.deposit(CLIENT, 1, Ath.ofWhole(1_000)), Network.openEpoch(4)));
        node.append(Jobs.submit(job(1), CLIENT, 1, 1_000));
        node.append(Jobs.submit(job(2), CLIENT, 12, 1_000));
        List<JobAssigned> leases = leases(tasks);
        var books = Network.settle(4, CLIENT, tasks, leases, ChainHead.GENESIS, 5, 9_000);
        int settled = 3 + tasks.size();
        node.show(books.subList(0, settled));
        assertThat(node.find(new FindProof(tasks.getFirst(), LeafKind.SETTLEMENT), ProofView.class))
                .isEmpty();

        node.show(books.subList(settled, books.size()));
        node.show(List.of(Network.anchor(4, 2, 9_900)));
        for (TaskId task : tasks) {
            verifies(new FindProof(task, LeafKind.SETTLEMENT));
        }
        for (JobAssigned lease : leases) {
            assertThat(verifies(new FindProof(lease.task(), LeafKind.MATCH)).leaf())
                    .isEqualTo(Hex.encode(MatchLeaf.match(lease)));
            assertThat(verifies(new FindProof(lease.task(), LeafKind.AGREEMENT)).leaf())
                    .isEqualTo(Hex.encode(MatchLeaf.agreement(lease)));
        }
        assertThat(node.find(new FindProof(job(1).task(0), LeafKind.MATCH), ProofView.class))
                .as("nobody ran it")
                .isEmpty();
        assertThat(node.find(new FindProof(job(1).task(0), LeafKind.SETTLEMENT), ProofView.class)
                        .orElseThrow()
                        .index())
                .isZero();
        assertThat(node.find(new FindProof(job(2).task(10), LeafKind.SETTLEMENT), ProofView.class)
                        .orElseThrow()
                        .seq())
                .isEqualTo(3);
        assertThat(node.find(new FindProof(job(9).task(0), LeafKind.SETTLEMENT), ProofView.class))
                .isEmpty();
        batchesAndEpoch();
    }

    private void batchesAndEpoch() {
        Page<BatchView> newest = node.page(new ListBatches(null, 2));
        assertThat(newest.items()).extracting(BatchView::seq).containsExactly(8L, 7L);
        assertThat(newest.next()).isEqualTo("7");
        Page<BatchView> batches = node.page(new ListBatches("4", 2));
        assertThat(batches.items()).extracting(BatchView::seq).containsExactly(3L, 2L);
        assertThat(batches.items()).extracting(BatchView::finalised).containsExactly(false, true);
        assertThat(batches.items().get(1).block()).isEqualTo(502);
        EpochView epoch = node.find(new FindEpoch(4), EpochView.class).orElseThrow();
        assertThat(epoch.state()).isEqualTo("CLOSED");
        assertThat(epoch.clientCost()).isEqualTo(Jobs.COST.times(13));
        assertThat(epoch.closedAt()).isEqualTo(at(9_001));
        assertThat(node.<EpochView>page(new ListEpochs(null, 5)).items()).containsExactly(epoch);
    }

    @Test
    void theNewestParametersAreInForce() {
        assertThat(node.find(new CurrentParameters(), ParametersActivated.class))
                .isEmpty();
        node.append(Network.genesis());
        node.show(List.of(new ParametersActivated(2, Profiles.load("mainnet"), 9, at(500))));
        assertThat(node.find(new CurrentParameters(), ParametersActivated.class))
                .hasValue(new ParametersActivated(2, Profiles.load("mainnet"), 9, at(500)));
    }
}
