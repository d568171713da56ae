package io.athanor.saga.sim;

import io.athanor.domain.common.Ath;
import io.athanor.domain.common.LeaseId;
import io.athanor.domain.common.MachineId;
import io.athanor.domain.common.PoolId;
import io.athanor.domain.common.Refused;
import io.athanor.domain.common.Sha256;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.job.Ending;
import io.athanor.domain.job.JobCommand.EndJob;
import io.athanor.domain.job.JobCommand.StartJob;
import io.athanor.domain.job.JobEvent.JobAssigned;
import io.athanor.domain.job.JobEvent.JobCancelRequested;
import io.athanor.domain.job.Lease;
import io.athanor.domain.job.Receipt;
import io.athanor.domain.machine.Inventory;
import io.athanor.domain.machine.MachineCommand.AnnounceMaintenance;
import io.athanor.domain.machine.MachineCommand.EnrollMachine;
import io.athanor.domain.machine.MachineCommand.ListOffer;
import io.athanor.domain.machine.MachineCommand.ReleaseGpus;
import io.athanor.domain.port.CommittedEvents.Committed;
import io.athanor.domain.stake.OfferStake;
import io.athanor.domain.stake.StakePoolCommand.CommitStake;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A simulated machine with its agent: starts what it is leased, ends it after a while, is silent while it is down. */
public final class SimMachine implements SimNetwork.Actor {

    private final SimNetwork network;
    private final MachineId id;
    private final Wallet provider;
    private final boolean genuine;
    private final Map<LeaseId, Instant> running = new HashMap<>();
    private boolean up = true;
    private long heartbeatMillis = 1_000;
    private Instant mutedUntil = Instant.MIN;
    private int deaf;
    private long minRunMillis = 500;
    private int runSpreadMillis = 4_000;
    private long shows = 1_000_000;
    private boolean choosy;
    private @Nullable String result;

    SimMachine(SimNetwork network, MachineId id, Wallet provider, boolean genuine) {
        this.network = network;
        this.id = id;
        this.provider = provider;
        this.genuine = genuine;
        network.add(this);
    }

    void enroll(Inventory inventory) {
        network.send(
                new EnrollMachine(
                        id,
                        provider,
                        Samples.hash("key" + id).toString(),
                        inventory,
                        Samples.DEVNET.admission(),
                        Samples.signed(provider, 2),
                        network.now()),
                new CommitStake(
                        PoolId.ofProvider(provider),
                        id,
                        OfferStake.required(inventory, 0, Samples.DEVNET),
                        network.now()),
                new ListOffer(id, Samples.PRICE, Samples.signed(provider, 3), network.now()));
        beat();
    }

    public void price(Ath price) {
        network.send(new ListOffer(id, price, Samples.signed(provider, 4), network.now()));
    }

    /** What a capacity test finds, in ppm of what is certified; at 0 it does not answer. */
    public void shows(long ppm) {
        shows = ppm;
    }

    /** Answers the capacity tests of every third checker. */
    public void answersEveryThird() {
        choosy = true;
    }

    boolean answers(Wallet checker) {
        int number = Integer.parseInt(checker.toString().substring(40), 16);
        return shows != 0 && (!choosy || number % 3 == 0);
    }

    long shows() {
        return shows;
    }

    /** Its owner wants no new work on it between these two moments from now. */
    public void maintain(long fromMillis, long untilMillis) {
        Instant now = network.now();
        network.send(new AnnounceMaintenance(id, now.plusMillis(fromMillis), now.plusMillis(untilMillis), now));
    }

    private void beat() {
        if (up && !network.now().isBefore(mutedUntil)) {
            network.fleet().heard(id, network.now());
        }
        network.in(heartbeatMillis, this::beat);
    }

    /** From its next heartbeat on. */
    public void beatEvery(long millis) {
        heartbeatMillis = millis;
    }

    public MachineId id() {
        return id;
    }

    public boolean isUp() {
        return up;
    }

    /** Whether a container runs. */
    boolean isBusy() {
        return !running.isEmpty();
    }

    boolean isGenuine() {
        return genuine;
    }

    /** Goes down for a while; its containers go with it. Back, it reports those that it remembers: half of them. */
    public void down(long millis) {
        up = false;
        Map<LeaseId, Instant> gone = new HashMap<>(running);
        running.clear();
        gone.keySet().removeIf(lease -> network.chance(500));
        network.in(millis, () -> {
            up = true;
            running.putAll(gone);
            gone.keySet().stream().sorted().forEach(lease -> end(lease, Ending.CONTAINER_LOST));
        });
    }

    /** Is there and answers checkers; its heartbeats do not arrive for a while. */
    public void mute(long millis) {
        mutedUntil = network.now().plusMillis(millis);
    }

    /** Does not hear the next leases. */
    public void deafFor(int leases) {
        deaf = leases;
    }

    public void runFor(long minMillis, int spreadMillis) {
        minRunMillis = minMillis;
        runSpreadMillis = spreadMillis;
    }

    /** From now on its containers write this, all of them; nothing where they fail by themselves. */
    public void gives(String content) {
        result = content;
    }

    @Override
    public void on(Committed event) {
        if (event.event() instanceof JobAssigned e && e.lease().machine().equals(id)) {
            if (deaf > 0) {
                deaf--;
            } else {
                network.in(50 + network.random.nextInt(300), () -> startContainer(e.lease()));
            }
        } else if (event.event() instanceof JobCancelRequested e) {
            running.keySet().stream()
                    .filter(lease -> lease.task().equals(e.task()))
                    .findFirst()
                    .ifPresent(lease -> network.in(100, () -> end(lease, Ending.CANCELLED)));
        }
    }

    private void startContainer(Lease lease) {
        if (up
                && accepted(() -> network.send(
                        new StartJob(lease.id().task(), lease.id(), "container-" + lease.id(), network.now())))) {
            running.put(lease.id(), network.now());
            network.in(minRunMillis + network.random.nextInt(runSpreadMillis), () -> end(lease.id(), ending()));
        }
    }

    private Ending ending() {
        if (result != null) {
            return result.isEmpty() ? Ending.EXIT_CODE : Ending.COMPLETED;
        }
        int lot = network.random.nextInt(100);
        if (lot < 85) {
            return Ending.COMPLETED;
        }
        return lot < 93 ? Ending.EXIT_CODE : Ending.CONTAINER_LOST;
    }

    private void end(LeaseId lease, Ending ending) {
        Instant started = running.remove(lease);
        if (started != null && up) {
            Receipt receipt = receipt(lease, ending, started);
            accepted(() -> network.send(
                    new EndJob(lease.task(), receipt, network.now()), new ReleaseGpus(id, lease, network.now())));
        }
    }

    private Receipt receipt(LeaseId lease, Ending ending, Instant started) {
        long millis = network.now().toEpochMilli() - started.toEpochMilli();
        List<Receipt.Output> outputs = ending == Ending.COMPLETED
                ? List.of(new Receipt.Output(
                        "tile.ppm",
                        Sha256.of(
                                Objects.requireNonNullElse(result, lease.task().toString())
                                        .getBytes(StandardCharsets.UTF_8)),
                        64))
                : List.of();
        return new Receipt(
                lease,
                "container-" + lease,
                "image",
                ending,
                0,
                started,
                network.now(),
                millis,
                outputs,
                null,
                0,
                "0x00");
    }

    /** An agent takes a refusal as the end of the matter: its lease is over. */
    private static boolean accepted(Runnable send) {
        try {
            send.run();
            return true;
        } catch (Refused e) {
            return false;
        }
    }
}
