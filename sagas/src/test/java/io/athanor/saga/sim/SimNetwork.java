package io.athanor.saga.sim;

import io.athanor.domain.account.AccountCommand.CreditDeposit;
import io.athanor.domain.account.AccountCommand.HoldFunds;
import io.athanor.domain.checker.CheckerCommand.RegisterChecker;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Command;
import io.athanor.domain.common.Event;
import io.athanor.domain.common.JobId;
import io.athanor.domain.common.PoolId;
import io.athanor.domain.common.Refused;
import io.athanor.domain.common.Region;
import io.athanor.domain.common.StreamId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.epoch.EpochCommand.OpenEpoch;
import io.athanor.domain.job.Job;
import io.athanor.domain.job.JobCommand.SubmitJob;
import io.athanor.domain.job.JobSpec;
import io.athanor.domain.port.Commands;
import io.athanor.domain.port.CommittedEvents.Committed;
import io.athanor.domain.protocol.ProtocolCommand.BeginNetwork;
import io.athanor.domain.protocol.ProtocolCommand.CreditReserve;
import io.athanor.domain.protocol.ProtocolCommand.Reserve;
import io.athanor.domain.provider.ProviderCommand.RegisterProvider;
import io.athanor.domain.stake.StakePoolCommand.CreditBond;
import io.athanor.saga.SagasConfiguration;
import io.athanor.saga.attestation.Eligibility;
import io.athanor.saga.attestation.Waiting;
import io.athanor.saga.fleet.FleetIndex;
import io.athanor.saga.live.LiveSet;
import io.athanor.saga.live.LiveStorage;
import io.athanor.saga.routing.Conductor;
import io.athanor.saga.routing.ParkedWork;
import io.athanor.saga.routing.ParkedWork.ParkedStore;
import io.athanor.saga.settlement.Books.BookStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

/**
 * The network: log, routers, and what surrounds them. Everything happens on the caller's thread, in virtual time.
 *
 * <p>Faults, by the seed: an order fails before it is stored, is stored and its reply is lost or never comes, is stored
 * and comes twice; the fast feed leaves batches out; the durable feed lags; the node crashes between any two steps and
 * starts again from its rows.
 */
public final class SimNetwork implements Commands {
    public static final Duration TICK = Duration.ofMillis(100);
    private static final long CHAIN_ID = 31_337;
    /** After an epoch's start, until its block is final. */
    private static final long FINALITY_MILLIS = 300;

    final Random random;
    final MemoryLog log = new MemoryLog();
    private final LiveStorage rows;
    private final BookStore books;
    private final ParkedStore parkedRows;
    private final PriorityQueue<Due> agenda =
            new PriorityQueue<>(Comparator.comparing(Due::at).thenComparingLong(Due::number));
    private Faults faults;
    private final List<Actor> actors = new ArrayList<>();

    private Instant now = Samples.GENESIS;
    private long number;
    private long durable;
    private long nextEpoch;
    private boolean chainRuns = true;
    private LiveSet live;
    private FleetIndex fleet;
    private Conductor conductor;
    private ParkedWork parked;
    private Waiting waiting;
    private int crashes;

    /** What goes wrong how often, in parts of a thousand. */
    public record Faults(int failed, int replyLost, int neverAnswered, int twice, int leftOut, int lag, int crash) {
        public static final Faults NONE = new Faults(0, 0, 0, 0, 0, 0, 0);
        public static final Faults MANY = new Faults(20, 20, 3, 20, 20, 500, 5);
    }

    /** Something outside that reacts to events. */
    interface Actor {
        void on(Committed event);
    }

    private record Due(Instant at, long number, Runnable action) {}

    /** A network that keeps its rows in memory. */
    public SimNetwork(long seed, Faults faults) {
        this(seed, faults, new MemoryStorage());
    }

    private SimNetwork(long seed, Faults faults, MemoryStorage storage) {
        this(seed, faults, storage, storage, storage);
    }

    public SimNetwork(long seed, Faults faults, LiveStorage rows, BookStore books, ParkedStore parkedRows) {
        this.random = new Random(seed);
        this.faults = faults;
        this.rows = rows;
        this.books = books;
        this.parkedRows = parkedRows;
        begin();
        start();
    }

    private void begin() {
        send(new BeginNetwork(
                CHAIN_ID, Samples.wallet(900), Samples.wallet(901), Samples.GENESIS, Samples.DEVNET, now));
        send(new CreditReserve(1, Reserve.PROVIDER, Samples.DEVNET.reward().providerReserve(), tx(1), 1, now));
        send(new CreditReserve(2, Reserve.CHECKER, Samples.DEVNET.reward().checkerReserve(), tx(2), 1, now));
    }

    private static io.athanor.domain.hash.Hash32 tx(long number) {
        return Samples.hash("tx" + number);
    }

    /** Starts the node from its rows. */
    private void start() {
        live = new LiveSet(rows);
        live.load();
        fleet = new FleetIndex(live, now);
        waiting = new Waiting();
        parked = new ParkedWork(parkedRows);
        conductor = new Conductor(
                live, this::sendWithFaults, () -> now, SagasConfiguration.routers(live, fleet, books, waiting), parked);
        live.opensAt(log.head());
    }

    public Instant now() {
        return now;
    }

    public LiveSet live() {
        return live;
    }

    public FleetIndex fleet() {
        return fleet;
    }

    public ParkedWork parked() {
        return parked;
    }

    public Waiting waiting() {
        return waiting;
    }

    public LiveStorage rows() {
        return rows;
    }

    BookStore books() {
        return books;
    }

    public MemoryLog log() {
        return log;
    }

    /** The state of a task by its own stream. */
    public Job task(JobId job, int index) {
        return (Job) log.state(StreamId.of(StreamId.JOB, job.task(index)));
    }

    /** The events of a kind, in order. */
    public <E extends Event> List<E> all(Class<E> type) {
        return log.events().stream()
                .map(Committed::event)
                .filter(type::isInstance)
                .map(type::cast)
                .toList();
    }

    public int crashes() {
        return crashes;
    }

    boolean chance(int inThousand) {
        return random.nextInt(1_000) < inThousand;
    }

    void add(Actor actor) {
        actors.add(actor);
    }

    void in(long millis, Runnable action) {
        agenda.add(new Due(now.plusMillis(millis), number++, action));
    }

    void at(Instant instant, Runnable action) {
        agenda.add(new Due(instant.isBefore(now) ? now : instant, number++, action));
    }

    /** From outside: stored at once, or refused. */
    public final void send(Command... commands) {
        store(Order.inside("outside", null, List.of(commands)));
    }

    @Override
    public CompletableFuture<Outcome> send(Order order) {
        return CompletableFuture.completedFuture(store(order));
    }

    private Outcome store(Order order) {
        List<Committed> events = log.append(order);
        if (live != null && !events.isEmpty() && !chance(faults.leftOut)) {
            live.committed(events);
        }
        events.forEach(event -> actors.forEach(actor -> actor.on(event)));
        return new Outcome(events.size(), log.head());
    }

    private CompletableFuture<Outcome> sendWithFaults(Order order) {
        if (chance(faults.failed)) {
            return CompletableFuture.failedFuture(new IllegalStateException("simulated: the database is away"));
        }
        try {
            Outcome outcome = store(order);
            if (chance(faults.twice)) {
                store(order);
            }
            if (chance(faults.replyLost)) {
                return CompletableFuture.failedFuture(new IllegalStateException("simulated: the reply is lost"));
            }
            return chance(faults.neverAnswered)
                    ? new CompletableFuture<>()
                    : CompletableFuture.completedFuture(outcome);
        } catch (Refused e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** Lets virtual time pass. */
    public void run(Duration time) {
        Instant end = now.plus(time);
        while (now.isBefore(end)) {
            now = now.plus(TICK);
            openEpoch();
            for (Due due = agenda.peek(); due != null && !due.at.isAfter(now); due = agenda.peek()) {
                agenda.remove().action.run();
                maybeCrash();
                conductor.pass();
            }
            conductor.pass();
            maybeCrash();
            feed();
            conductor.pass();
        }
    }

    private void maybeCrash() {
        if (chance(faults.crash)) {
            crash();
        }
    }

    /** From here on nothing fails. */
    public void heal() {
        faults = Faults.NONE;
    }

    /** Kills the node between two steps, and starts it again. */
    public void crash() {
        crashes++;
        start();
    }

    /** Nobody is heard for a while: the node is away, and what agents and checkers had to say comes when it is back. */
    public void blackout(Duration time) {
        now = now.plus(time);
        crash();
    }

    /** The durable feed: a batch, then the rows and its token together. */
    private void feed() {
        while (durable < log.head() && !chance(faults.lag)) {
            List<Committed> batch = log.after(durable, 1 + random.nextInt(500));
            batch.forEach(event -> live.deliver(event.index(), event.event()));
            live.write();
            durable = batch.getLast().index();
        }
    }

    /** The durable feed brings all that is stored. */
    public void catchUp() {
        log.after(durable, Integer.MAX_VALUE - (int) durable)
                .forEach(event -> live.deliver(event.index(), event.event()));
        live.write();
        durable = log.head();
    }

    public void stopChain() {
        chainRuns = false;
    }

    private void openEpoch() {
        long millis = Samples.DEVNET.timing().epochMillis();
        Instant starts = Samples.GENESIS.plusMillis(nextEpoch * millis);
        if (chainRuns && !now.isBefore(starts.plusMillis(FINALITY_MILLIS)) && live.ready()) {
            send(new OpenEpoch(
                    nextEpoch,
                    starts,
                    starts.plusMillis(millis),
                    nextEpoch * 10,
                    Samples.hash("block" + nextEpoch),
                    new Eligibility(live).now(),
                    now));
            nextEpoch++;
        }
    }

    /** Checkers with a stake unit each, behaving as their number says. */
    public List<SimChecker> checkers(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> {
                    Wallet wallet = Samples.wallet(100 + i);
                    Wallet attester = Samples.wallet(200 + i);
                    send(new RegisterChecker(
                            wallet,
                            "checkers-" + i,
                            "net-" + i,
                            new Region("eu-west"),
                            "http://127.0.0.1:" + (8_500 + i),
                            attester,
                            Samples.signed(wallet, 1),
                            now));
                    send(new CreditBond(
                            PoolId.ofChecker(wallet), 1, Samples.DEVNET.stake().checkerUnit(), tx(100 + i), 2, now));
                    return new SimChecker(this, wallet);
                })
                .toList();
    }

    /** Registered, with stake for a thousand H100. */
    public Wallet provider(int number) {
        return provider(number, Samples.DEVNET.stake().providerPerGpu().times(1_000));
    }

    public Wallet provider(int number, Ath bond) {
        Wallet wallet = Samples.wallet(300 + number);
        send(new RegisterProvider(wallet, "provider " + number, "owner-" + number, Samples.signed(wallet, 1), now));
        send(new CreditBond(PoolId.ofProvider(wallet), 1, bond, tx(300 + number), 2, now));
        return wallet;
    }

    public SimMachine machine(int number, Wallet provider, int gpus, boolean genuine) {
        SimMachine machine = new SimMachine(this, Samples.machine(number), provider, genuine);
        machine.enroll(Samples.inventory(number, gpus));
        return machine;
    }

    public Wallet client(int number) {
        Wallet wallet = Samples.wallet(400 + number);
        send(new CreditDeposit(wallet, 1, Ath.ofWhole(1_000_000), tx(400 + number), 3, now));
        return wallet;
    }

    /** Orders a job: one hold, one command a task. */
    public JobId submit(Wallet client, long number, JobSpec spec) {
        JobId job = Samples.job(number);
        List<Command> commands = new ArrayList<>();
        Ath hold = spec.capOfTask().times(spec.tasks());
        commands.add(new HoldFunds(client, job, hold, Samples.signed(client, number), now));
        for (int i = 0; i < spec.tasks(); i++) {
            commands.add(new SubmitJob(job.task(i), client, spec, Samples.signed(client, number), now));
        }
        send(commands.toArray(new Command[0]));
        return job;
    }
}
