package io.athanor.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.athanor.codec.Json;
import io.athanor.domain.attestation.Finding.Fact;
import io.athanor.domain.attestation.Verdict;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.LeaseId;
import io.athanor.domain.common.MachineId;
import io.athanor.domain.common.RoundId;
import io.athanor.domain.job.Assessment;
import io.athanor.domain.job.Billing;
import io.athanor.domain.penalty.Offence.Downtime;
import io.athanor.domain.penalty.Offence.LostLease;
import io.athanor.domain.penalty.PenaltyShare;
import io.athanor.domain.penalty.PenaltyShare.Kind;
import io.athanor.domain.view.CaseView;
import io.athanor.domain.view.JobView;
import io.athanor.domain.view.ProviderView;
import io.athanor.domain.view.RoundView;
import io.athanor.domain.view.TaskView;
import io.athanor.local.devnet.DevWallet;
import io.athanor.local.devnet.DevWallets;
import io.athanor.local.devnet.DevnetMachines;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;

/**
 * Two jobs whose machines' agents stop in the middle of them: one is frozen with all others of its kind, one is killed and
 * stays away. All machines here are one owner's, so nobody else's drop excuses it.
 */
final class StoppedAgents {
    /** The second band of a development network: longer than 20 s, shorter than two minutes. */
    private static final long RATE = 800;

    /** 8 % of what one of two H200 requires, 1.25 times the unit of an H100, and of an RTX 3090, 0.22 times. */
    private static final Ath FROZEN_PAYS = Ath.ofWhole(1000);

    private static final Ath KILLED_PAYS = Ath.ofWhole(176);
    private static final long MOST_OF_SHARES = 10;
    private static final long WHOLE = 1_000_000;
    private static final String QUALITY = "query($id: ID!) { machine(id: $id) { quality { day ofDay } } }";

    private final Launcher launcher;
    private final ThirdMachine third;
    private final CommandLine client;
    private final CaseFiles cases;

    /** @param job as ordered, {@code file} its case */
    private record Lost(String job, CaseView file, Ath pays) {}

    private List<Lost> lost = List.of();

    StoppedAgents(Launcher launcher, ThirdMachine third, CommandLine client, CaseFiles cases) {
        this.launcher = launcher;
        this.third = third;
        this.client = client;
        this.cases = cases;
    }

    private JobView seen(String job) {
        return cases.api().get("/v1/jobs/" + job, JobView.class);
    }

    private TaskView running(String job) {
        await().atMost(Duration.ofMinutes(1))
                .until(() -> cases.api()
                        .find("/v1/jobs/" + job, JobView.class)
                        .filter(seen -> seen.state().equals("RUNNING"))
                        .isPresent());
        return seen(job).tasks().getFirst();
    }

    private static List<String> agents() {
        return IntStream.range(0, DevnetMachines.MACHINES)
                .mapToObj(i -> "agent-" + i)
                .toList();
    }

    /** Stops the agents, reads the cases that open and rise to their band, and lets the agents go on. */
    void stop(String frozen, String killed) throws Exception {
        TaskView onFrozen = running(frozen);
        TaskView onKilled = running(killed);
        try {
            third.kill();
            for (String agent : agents()) {
                launcher.signal(agent, "STOP");
            }
            cases.opened(Downtime.class, 2);
            lost = List.of(
                    new Lost(frozen, fileOf(frozen, onFrozen), FROZEN_PAYS),
                    new Lost(killed, fileOf(killed, onKilled), KILLED_PAYS));
            lost.forEach(outage -> cases.raised(outage.file().id(), RATE, outage.pays()));
        } finally {
            for (String agent : agents()) {
                launcher.signal(agent, "CONT");
            }
            third.start();
        }
    }

    /** The file of the outage that lost the job's first lease, and nothing else; a quorum found the machine offline. */
    private CaseView fileOf(String job, TaskView before) {
        CaseView file = cases.of(Downtime.class).stream()
                .filter(open -> ((Downtime) open.offence()).machine().equals(before.machine()))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no case of " + before.machine()));
        Downtime outage = (Downtime) file.offence();
        assertThat(outage.leases())
                .extracting(LostLease::lease)
                .containsExactly(Objects.requireNonNull(before.lease()));
        assertThat(outage.leases().getFirst().lease().task().job()).hasToString(job);
        assertThat(outage.rounds())
                .isNotEmpty()
                .allSatisfy(round -> assertThat(verdict(round, before)).isEqualTo(Fact.OFFLINE));
        return file;
    }

    private Fact verdict(RoundId round, TaskView task) {
        return cases.api().get("/v1/rounds/" + round, RoundView.class).verdicts().stream()
                .filter(verdict -> verdict.subject().equals(String.valueOf(task.machine())))
                .map(Verdict::fact)
                .map(Objects::requireNonNull)
                .findFirst()
                .orElseThrow();
    }

    /** Each job ran again under a later lease, and nobody is paid for what was lost. */
    void ranAgainAndWerePaidOnce() throws IOException, InterruptedException {
        for (Lost outage : lost) {
            CommandLine.Call waited = client.run("job", "wait", outage.job(), "--timeout", "240", "--json");
            assertThat(waited.exit()).as(waited.err()).isZero();
            JobView settled = Json.read(waited.out(), JobView.class);
            TaskView task = settled.tasks().getFirst();
            LeaseId lease = Objects.requireNonNull(task.lease());
            assertThat(lease.fence())
                    .as("a later lease")
                    .isGreaterThan(first(outage).fence());
            Assessment assessed = Objects.requireNonNull(task.assessment());
            assertThat(settled.cost())
                    .as("the run that ended, and not a millisecond of the other")
                    .isEqualTo(Billing.cost(assessed.billableMillis(), DevnetMachines.PRICE, 1))
                    .isNotEqualTo(Ath.ZERO);
        }
        assertThat(cases.of(Downtime.class)).as("one outage, one case").hasSize(2);
    }

    private static LeaseId first(Lost outage) {
        return ((Downtime) outage.file().offence()).leases().getFirst().lease();
    }

    /** After the stay: the client's share, the treasury's rest, and no new work for the machine. */
    void paidAndGetNoNewWork() throws IOException, InterruptedException {
        for (Lost outage : lost) {
            CaseView file = cases.executed(outage.file().id(), RATE, outage.pays());
            LostLease lease = ((Downtime) file.offence()).leases().getFirst();
            assertThat(file.shares())
                    .extracting(PenaltyShare::kind)
                    .containsExactlyInAnyOrder(Kind.CLIENT, Kind.TREASURY);
            PenaltyShare clients = file.shares().getFirst();
            assertThat(clients.to()).isEqualTo(lease.client());
            assertThat(clients.amount())
                    .as("its bill, at most a tenth")
                    .isEqualTo(lease.bill().min(outage.pays().share(1, MOST_OF_SHARES)));
        }
        ProviderView owner = cases.api()
                .get("/v1/providers/" + DevWallet.number(DevWallets.PROVIDER).wallet(), ProviderView.class);
        assertThat(owner.suspensions())
                .extracting(suspension -> suspension.penaltyCase())
                .containsExactlyInAnyOrderElementsOf(
                        lost.stream().map(outage -> outage.file().id()).toList());
        for (Lost outage : lost) {
            tellsItsOwner(outage);
        }
    }

    /** The lost lease stands in one told day of the machine, and the case in what keeps it from work. */
    private void tellsItsOwner(Lost outage) throws IOException, InterruptedException {
        MachineId machine = ((Downtime) outage.file().offence()).machine();
        CommandLine.Call told = client.run("machine", "quality", machine.toString(), "--json");
        assertThat(told.exit()).as(told.err()).isZero();
        assertThat(told.json().at("/suspension/penaltyCase").asText())
                .isEqualTo(outage.file().id().toString());
        assertThat(told.json().path("quality"))
                .as("days of %s", machine)
                .extracting(day -> day.at("/figures/lost").asInt())
                .containsOnlyOnce(1);
        JsonNode graph = cases.api()
                .post("/graphql", Map.of("query", QUALITY, "variables", Map.of("id", machine)), JsonNode.class);
        assertThat(graph.at("/data/machine/quality"))
                .extracting(day -> day.path("ofDay").asLong())
                .isNotEmpty()
                .allSatisfy(ppm -> assertThat(ppm).isBetween(0L, WHOLE));
    }
}
