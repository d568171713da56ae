package io.athanor.saga.penalty;

import static org.assertj.core.api.Assertions.assertThat;

import io.athanor.domain.account.AccountCommand.CreditDeposit;
import io.athanor.domain.account.AccountCommand.HoldCaseBond;
import io.athanor.domain.account.AccountCommand.StakeFunds;
import io.athanor.domain.account.AccountEvent.VestingSlashed;
import io.athanor.domain.attestation.Finding;
import io.athanor.domain.attestation.Report;
import io.athanor.domain.attestation.RoundEvent.RoundOpened;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.CaseId;
import io.athanor.domain.common.Command;
import io.athanor.domain.common.PoolId;
import io.athanor.domain.common.Refused;
import io.athanor.domain.common.Sha256;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.penalty.CaseCommand.LodgeAppeal;
import io.athanor.domain.penalty.CaseCommand.OpenCase;
import io.athanor.domain.penalty.CaseEvent.AppealLodged;
import io.athanor.domain.penalty.CaseEvent.CaseDismissed;
import io.athanor.domain.penalty.CaseEvent.CaseOpened;
import io.athanor.domain.penalty.CaseEvent.PenaltyExecuted;
import io.athanor.domain.penalty.CaseEvent.PenaltyRaised;
import io.athanor.domain.penalty.CaseEvent.StayBegun;
import io.athanor.domain.penalty.Offence;
import io.athanor.domain.penalty.Offence.SignedReport;
import io.athanor.domain.penalty.PenaltyPolicy;
import io.athanor.domain.stake.StakePool;
import io.athanor.domain.stake.StakePool.Freeze;
import io.athanor.domain.stake.StakePoolCommand.Delegate;
import io.athanor.domain.stake.StakePoolCommand.ReceiveRedelegation;
import io.athanor.domain.stake.StakePoolCommand.Redelegate;
import io.athanor.domain.stake.StakePoolCommand.StartUnbonding;
import io.athanor.domain.stake.StakePoolEvent;
import io.athanor.domain.stake.StakePoolEvent.PoolSlashed;
import io.athanor.domain.stake.StakePoolEvent.RedelegationSlashed;
import io.athanor.domain.stake.StakePoolEvent.StakeRedelegated;
import io.athanor.domain.stake.StakePoolEvent.StakeReleased;
import io.athanor.domain.stake.StakePoolEvent.UnbondingStarted;
import io.athanor.domain.stake.StakeRules;
import io.athanor.saga.sim.Invariants;
import io.athanor.saga.sim.MemoryLog;
import io.athanor.saga.sim.Samples;
import io.athanor.saga.sim.SimChecker;
import io.athanor.saga.sim.SimMachine;
import io.athanor.saga.sim.SimNetwork;
import io.athanor.saga.sim.SimNetwork.Faults;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Whatever outages, double reports, appeals and departures of stake come together, and wherever the node crashes between
 * them: no case takes twice, none takes more than was decided or than there is, and what left after an offence answers
 * for it.
 */
@Tag("sim")
class DueProcessProperties {
    private static final long FIRST_SEED = Long.getLong("athanor.seed", 71);
    private static final long SEEDS = Long.getLong("athanor.seeds", 2);
    private static final long DAY = Samples.DEVNET.timing().dayMillis();
    private static final Duration CERTIFIED = Duration.ofSeconds(40);
    private static final Duration TURMOIL = Duration.ofMillis(5 * DAY);
    /** Until the last stake of providers is out: it matures after thirty days. */
    private static final Duration REST = Duration.ofMillis(32 * DAY);

    private static final int CHECKERS = 11;
    private static final int PROVIDERS = 5;
    private static final int DELEGATORS = 4;
    private static final Ath STAKE = Ath.ofWhole(100_000);

    private final Set<String> seen = new TreeSet<>();

    @Test
    void noInterleavingTakesTwiceOrTooMuchOrLetsStakeEscape() {
        for (long seed = FIRST_SEED; seed < FIRST_SEED + SEEDS; seed++) {
            History history = new History(seed);
            history.play();
            try {
                onceAndNoMoreThanDecided(history.network.log());
                nothingOfferedToACaseLeaves(history.network.log());
                Invariants.ofHistory(history.network.log());
                Invariants.ofReplay(history.network.log());
            } catch (AssertionError e) {
                throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
            }
            history.network
                    .log()
                    .events()
                    .forEach(event -> seen.add(event.event().getClass().getSimpleName()));
        }
        // What could go wrong did come together, or these histories prove nothing.
        assertThat(seen)
                .contains(
                        "PenaltyRaised",
                        "AppealDecided",
                        "PenaltyExecuted",
                        "CaseDismissed",
                        "VestingSlashed",
                        "PoolSlashed",
                        "StakeRedelegated",
                        "UnbondingStarted",
                        "StakeReleased",
                        "CheckerTombstoned",
                        "ProviderSuspended");
    }

    private static void onceAndNoMoreThanDecided(MemoryLog log) {
        Map<CaseId, Ath> decided = new HashMap<>();
        Map<CaseId, Ath> taken = new HashMap<>();
        Set<CaseId> over = new HashSet<>();
        Set<String> cuts = new HashSet<>();
        Set<CaseId> stayed = new HashSet<>();
        log.events().forEach(committed -> {
            switch (committed.event()) {
                case CaseOpened e -> decided.put(e.id(), e.amount());
                case PenaltyRaised e -> decided.put(e.id(), e.amount());
                case VestingSlashed e -> {
                    assertThat(cuts.add(e.penaltyCase() + " " + e.wallet()))
                            .as("rewards, once")
                            .isTrue();
                    taken.merge(e.penaltyCase(), e.taken(), Ath::plus);
                }
                case PoolSlashed e -> {
                    assertThat(cuts.add(e.penaltyCase() + " " + e.pool()))
                            .as("a pool, once")
                            .isTrue();
                    taken.merge(e.penaltyCase(), e.taken(), Ath::plus);
                }
                case RedelegationSlashed e -> taken.merge(e.penaltyCase(), e.taken(), Ath::plus);
                case StayBegun e -> stayed.add(e.id());
                case AppealLodged e -> assertThat(stayed).contains(e.id());
                case PenaltyExecuted e -> {
                    assertThat(over.add(e.id())).as("one end of %s", e.id()).isTrue();
                    assertThat(e.taken()).isEqualTo(taken.getOrDefault(e.id(), Ath.ZERO));
                    assertThat(e.taken()).isLessThanOrEqualTo(decided.get(e.id()));
                }
                case CaseDismissed e -> {
                    assertThat(over.add(e.id())).as("one end of %s", e.id()).isTrue();
                    assertThat(taken).doesNotContainKey(e.id());
                }
                default -> {
                    // Takes nothing.
                }
            }
        });
        assertThat(over).as("every case ends").isEqualTo(decided.keySet());
    }

    /** What open cases claim of a pool stays in it, or else all that is left there and answers for their offences. */
    private static void nothingOfferedToACaseLeaves(MemoryLog log) {
        Map<PoolId, StakePool> pools = new HashMap<>();
        log.events().forEach(committed -> {
            if (committed.event() instanceof StakePoolEvent change) {
                StakePool before = pools.getOrDefault(change.pool(), StakePool.EMPTY);
                StakePool after = before.evolve(change);
                switch (change) {
                    case PoolSlashed e -> {
                        assertThat(e.taken()).isLessThanOrEqualTo(before.total());
                        assertThat(after.total()).isEqualTo(before.total().minus(e.taken()));
                    }
                    case StakeReleased e -> staysCovered(before, after);
                    case StakeRedelegated e -> staysCovered(before, after);
                    case UnbondingStarted e -> staysCovered(before, after);
                    default -> {
                        // Nothing goes.
                    }
                }
                pools.put(change.pool(), after);
            }
        });
    }

    private static void staysCovered(StakePool before, StakePool after) {
        Map<CaseId, Freeze> open = before.risk().frozen();
        Ath claimed = Ath.sum(open.values().stream().map(Freeze::amount).toList());
        open.forEach((id, freeze) -> assertThat(after.atRisk(freeze.offenceDay()))
                .as("%s may take of what was there on day %s", id, freeze.offenceDay())
                .isGreaterThanOrEqualTo(before.atRisk(freeze.offenceDay()).min(claimed)));
    }

    /** One history: what happens is drawn from its seed. */
    private static final class History {
        private final SimNetwork network;
        private final Random random;
        private final List<Wallet> providers = new ArrayList<>();
        private final List<SimMachine> machines = new ArrayList<>();
        private final List<Wallet> delegators = new ArrayList<>();
        private final Wallet client;
        private List<SimChecker> checkers = List.of();
        private long number = 1_000;
        private int reporters;

        History(long seed) {
            network = new SimNetwork(seed, Faults.MANY);
            random = new Random(seed);
            client = network.client(1);
        }

        void play() {
            begin();
            for (long second = 0; second < TURMOIL.toSeconds(); second++) {
                something();
                network.run(Duration.ofSeconds(1));
            }
            network.heal();
            network.run(REST);
        }

        private void begin() {
            checkers = network.checkers(CHECKERS);
            for (int i = 0; i < PROVIDERS; i++) {
                Wallet provider = network.provider(i, STAKE);
                providers.add(provider);
                deposit(provider);
                SimMachine machine = network.machine(i, provider, 2, true);
                machine.runFor(20_000, 20_000);
                machines.add(machine);
                checkers.forEach(checker -> checker.sees(machine));
            }
            for (int i = 0; i < DELEGATORS; i++) {
                Wallet delegator = network.client(50 + i);
                delegators.add(delegator);
                providers.forEach(provider -> attempt(delegate(delegator, PoolId.ofProvider(provider))));
            }
            network.run(CERTIFIED);
        }

        private void deposit(Wallet wallet) {
            network.send(new CreditDeposit(
                    wallet, 1, Ath.ofWhole(100_000), Samples.hash("deposit" + wallet), 5, network.now()));
        }

        private void something() {
            switch (random.nextInt(12)) {
                case 0, 1, 2 -> network.submit(client, ++number, Samples.spec(1 + random.nextInt(3), 1));
                case 3 -> any(machines).down(random.nextInt(4) == 0 ? 20 * DAY : 4_000 + random.nextInt(60_000));
                case 4 -> any(machines).mute(random.nextInt(40_000));
                case 5 -> attempt(unbond(any(delegators)));
                case 6 -> attempt(unbond(any(providers)));
                case 7 -> attempt(redelegate(any(delegators)));
                case 8 -> attempt(delegate(any(delegators), PoolId.ofProvider(any(providers))));
                // Those that have no stay yet among them, which is refused.
                case 9 -> network.all(CaseOpened.class).forEach(opened -> attempt(appeal(opened.id())));
                case 10 -> {
                    boolean refuted = random.nextBoolean();
                    checkers.forEach(checker -> checker.finds(refuted));
                }
                default -> reportTwice();
            }
        }

        private <T> T any(List<T> list) {
            return list.get(random.nextInt(list.size()));
        }

        /** What the rules refuse is nobody's history. */
        private void attempt(Command... commands) {
            try {
                network.send(commands);
            } catch (Refused e) {
                assertThat(e.nextStep()).isNotEmpty();
            }
        }

        private long day() {
            return StakeRules.day(network.now(), Samples.GENESIS, Samples.DEVNET.timing());
        }

        private Ath some() {
            return Ath.ofWhole(1 + random.nextInt(40_000));
        }

        private Command[] delegate(Wallet who, PoolId pool) {
            Ath amount = some();
            var signed = Samples.signed(who, ++number);
            return new Command[] {
                new StakeFunds(who, pool, amount, signed, network.now()),
                new Delegate(pool, who, amount, StakeRules.of(Samples.DEVNET), day(), signed, network.now())
            };
        }

        private Command unbond(Wallet who) {
            PoolId pool = PoolId.ofProvider(providers.contains(who) ? who : any(providers));
            return new StartUnbonding(
                    pool,
                    who,
                    some(),
                    StakeRules.of(Samples.DEVNET),
                    day(),
                    Samples.signed(who, ++number),
                    network.now());
        }

        private Command[] redelegate(Wallet who) {
            PoolId from = PoolId.ofProvider(any(providers));
            PoolId to = PoolId.ofProvider(any(providers));
            StakeRules rules = StakeRules.of(Samples.DEVNET);
            Ath amount = some();
            return new Command[] {
                new Redelegate(from, who, to, amount, rules, day(), Samples.signed(who, ++number), network.now()),
                new ReceiveRedelegation(to, who, from, amount, rules, day(), network.now())
            };
        }

        private Command[] appeal(CaseId id) {
            CaseOpened opened = network.all(CaseOpened.class).stream()
                    .filter(e -> e.id().equals(id))
                    .findFirst()
                    .orElseThrow();
            Wallet accused = opened.offence().accused().operator();
            Ath asked = network.all(PenaltyRaised.class).stream()
                    .filter(e -> e.id().equals(id))
                    .reduce(opened.amount(), (amount, e) -> e.amount(), (a, b) -> b);
            Ath bond = PenaltyPolicy.appealBond(asked, Samples.DEVNET);
            var signed = Samples.signed(accused, ++number);
            return new Command[] {
                new HoldCaseBond(accused, id, bond, signed, network.now()),
                new LodgeAppeal(id, bond, "not me", network.now().plusMillis(7 * DAY), signed, network.now())
            };
        }

        /** At most two of eleven: the others still reach every quorum. */
        private void reportTwice() {
            if (reporters == 2) {
                return;
            }
            Wallet accused = Samples.wallet(100 + reporters);
            network.all(RoundOpened.class).stream()
                    .filter(round -> round.committee().stream()
                            .anyMatch(seat -> seat.checker().equals(accused)))
                    .findFirst()
                    .ifPresent(round -> {
                        Offence offence = new Offence.Equivocation(
                                PoolId.ofChecker(accused),
                                Samples.wallet(200 + reporters),
                                report(round, accused, Finding.Fact.ONLINE),
                                report(round, accused, Finding.Fact.OFFLINE),
                                round.commitUntil());
                        network.send(new OpenCase(
                                offence.caseId(),
                                offence,
                                500,
                                Ath.ZERO,
                                day(),
                                2,
                                Samples.signed(client, ++number),
                                network.now()));
                        reporters++;
                    });
        }

        private static SignedReport report(RoundOpened round, Wallet checker, Finding.Fact fact) {
            List<Finding> findings = round.subjects().stream()
                    .map(subject -> new Finding(subject.key(), fact, Hash32.ZERO, 0, 0))
                    .toList();
            return new SignedReport(
                    new Report(round.round(), checker, findings, Sha256.of(new byte[] {1})), "0x" + "11".repeat(65));
        }
    }
}
