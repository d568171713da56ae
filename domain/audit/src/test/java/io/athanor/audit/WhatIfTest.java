package io.athanor.audit;

import static io.athanor.domain.testing.Samples.at;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.athanor.codec.EventCatalogue;
import io.athanor.codec.Json;
import io.athanor.domain.attestation.Candidate;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Event;
import io.athanor.domain.common.MachineId;
import io.athanor.domain.common.PoolId;
import io.athanor.domain.common.Refused;
import io.athanor.domain.common.TaskId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.epoch.EpochEvent.EpochOpened;
import io.athanor.domain.governance.Measure.AttachedReport;
import io.athanor.domain.governance.Measure.ChangeParameters;
import io.athanor.domain.governance.Measure.Subject;
import io.athanor.domain.governance.ProposalEvent.ProposalSubmitted;
import io.athanor.domain.governance.ProposalId;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.job.Ending;
import io.athanor.domain.job.JobEvent.JobAssigned;
import io.athanor.domain.job.JobEvent.JobLost;
import io.athanor.domain.job.JobEvent.JobStarted;
import io.athanor.domain.job.JobEvent.JobSubmitted;
import io.athanor.domain.job.JobSpec;
import io.athanor.domain.job.Lease;
import io.athanor.domain.machine.MachineEvent.MachineEnrolled;
import io.athanor.domain.machine.MachineEvent.MachineWentOffline;
import io.athanor.domain.machine.MachineEvent.MachineWentOnline;
import io.athanor.domain.penalty.CaseEvent.CaseDismissed;
import io.athanor.domain.penalty.CaseEvent.CaseOpened;
import io.athanor.domain.penalty.CaseEvent.PenaltyRaised;
import io.athanor.domain.penalty.Offence.Downtime;
import io.athanor.domain.protocol.Accountability;
import io.athanor.domain.protocol.Accountability.Band;
import io.athanor.domain.protocol.Accountability.Penalties;
import io.athanor.domain.protocol.Economy;
import io.athanor.domain.protocol.ProtocolEvent.ParametersActivated;
import io.athanor.domain.protocol.ProtocolParameters;
import io.athanor.domain.protocol.ProtocolParameters.Market;
import io.athanor.domain.protocol.ProtocolParameters.Reward;
import io.athanor.domain.stake.StakePoolEvent.StakeBonded;
import io.athanor.domain.testing.SampleParameters;
import io.athanor.domain.testing.Samples;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The history of a real demo, and small made ones, under other parameters. */
class WhatIfTest {
    private static final List<Event> DEMO = DemoExport.read().lines().stream()
            .map(line -> ExportLine.parse(line).event())
            .toList();
    private static final ProtocolParameters NOW = DEMO.stream()
            .filter(ParametersActivated.class::isInstance)
            .map(event -> ((ParametersActivated) event).parameters())
            .findFirst()
            .orElseThrow();
    private static final long ALL = 1_000_000;

    private static WhatIfReport replay(ProtocolParameters proposed) {
        return replay(DEMO, proposed);
    }

    private static WhatIfReport replay(List<Event> events, ProtocolParameters proposed) {
        WhatIf whatIf = new WhatIf(proposed, 0, ALL);
        events.forEach(whatIf::accept);
        return whatIf.report();
    }

    private static ProtocolParameters reward(long feeBps, Ath checkerBase) {
        Reward r = NOW.reward();
        return NOW.withReward(new Reward(
                r.providerYearsPpm(),
                r.providerReserve(),
                r.checkerReserve(),
                checkerBase,
                feeBps,
                r.deliveryCapPpm(),
                r.treasurySharePpm(),
                r.modelPpm()));
    }

    private static ProtocolParameters with(ProtocolParameters p, Market market, Accountability accountability) {
        return new ProtocolParameters(
                p.profile(),
                p.timing(),
                p.admission(),
                p.liveness(),
                p.sla(),
                p.committee(),
                p.reward(),
                p.stake(),
                market,
                accountability,
                p.economy());
    }

    @Test
    void underTheParametersOfItsTimeNothingChanges() {
        WhatIfReport report = replay(NOW);
        assertThat(report.proposed()).isEqualTo(report.recorded());
        assertThat(report.recorded().bills().isZero()).isFalse();
        assertThat(report.recorded().providerEmission().isZero()).isFalse();
        assertThat(report.winners() + report.losers()).isZero();
        assertThat(report.unchanged()).isGreaterThan(7);
        assertThat(report.jobs()).isEqualTo(8);
        assertThat(report.refused()).isEmpty();
        assertThat(report.fromEpoch()).isLessThan(report.toEpoch());
        assertThat(replay(NOW).digest()).isEqualTo(report.digest());
    }

    /** Made before the proposal, from what was there; found again in the longer history that everybody has later. */
    @Test
    void aReportThatAProposalNamesIsMadeAgainByAnybody(@TempDir Path folder) throws IOException {
        ProtocolParameters proposed = reward(3_000, NOW.reward().checkerBasePerDay());
        List<String> lines = DemoExport.read().lines();
        Path then = Files.write(folder.resolve("then.jsonl"), lines.subList(0, lines.size() * 3 / 4));
        WhatIfExport.Attached made = new WhatIfExport(then).attach(proposed, 7);
        assertThat(made.same()).isTrue();
        assertThat(made.report().fromEpoch()).isNotNegative();

        ProposalId id = new ProposalId(new Samples(40).uuid());
        assertThat(later(folder, lines, id, proposed, made.reference()).attachedTo(id))
                .hasValueSatisfying(again -> {
                    assertThat(again.same()).isTrue();
                    assertThat(again.report()).isEqualTo(made.report());
                });
        AttachedReport r = made.reference();
        AttachedReport wrong = new AttachedReport(r.digest(), r.throughIndex() - 1, r.fromEpoch(), r.toEpoch());
        assertThat(later(folder, lines, id, proposed, wrong)
                        .attachedTo(id)
                        .orElseThrow()
                        .same())
                .isFalse();
        assertThat(later(folder, lines, id, proposed, null).attachedTo(id)).isEmpty();
    }

    /** The demo's history and behind it a proposal. */
    private static WhatIfExport later(
            Path folder,
            List<String> lines,
            ProposalId id,
            ProtocolParameters proposed,
            @Nullable AttachedReport report)
            throws IOException {
        Samples samples = new Samples(41);
        Wallet proposer = samples.wallet();
        ProposalSubmitted submitted = new ProposalSubmitted(
                id,
                proposer,
                "Another fee",
                new ChangeParameters(Subject.REWARDS, 1, proposed, report),
                Ath.ofWhole(1),
                Ath.ofWhole(1),
                Economy.STANDARD.governance(),
                1,
                3,
                samples.authorization(proposer),
                at(0));
        List<String> all = new ArrayList<>(lines);
        all.add("{\"index\":\"" + (lines.size() + 1) + "\",\"name\":\"" + EventCatalogue.nameOf(ProposalSubmitted.class)
                + "\",\"payload\":" + Json.text(submitted) + "}");
        return new WhatIfExport(Files.write(folder.resolve("later.jsonl"), all));
    }

    @Test
    void anExportGivesTheReportOfItsEvents(@TempDir Path folder) throws IOException {
        ProtocolParameters proposed = reward(3_000, NOW.reward().checkerBasePerDay());
        List<String> lines = DemoExport.read().lines();
        Path export = Files.write(folder.resolve("export.jsonl"), lines);
        WhatIfReport report = new WhatIfExport(export).of(proposed, 0, ALL);
        assertThat(report.digest()).isEqualTo(replay(proposed).digest());
        assertThat(report.events()).isEqualTo(lines.size());
        assertThat(report.losers()).isPositive();
    }

    @Test
    void anExportThatWasCutOffIsRefused(@TempDir Path folder) throws IOException {
        List<String> lines = new ArrayList<>(DemoExport.read().lines());
        String last = lines.removeLast();
        lines.add(last.substring(0, last.length() / 2));
        WhatIfExport export = new WhatIfExport(Files.write(folder.resolve("export.jsonl"), lines));
        assertThatThrownBy(() -> export.of(NOW, 0, ALL)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void halfTheCheckersBaseIsHalfTheirEmissionAndNobodyElses() {
        Ath base = NOW.reward().checkerBasePerDay();
        WhatIfReport report = replay(reward(NOW.reward().protocolFeeBps(), base.share(1, 2)));
        Ath half = report.recorded().checkerEmission().share(1, 2);
        assertThat(report.proposed().checkerEmission())
                .isBetween(half.minus(Ath.ofWei(100)), half.plus(Ath.ofWei(100)));
        assertThat(report.proposed().providerEmission())
                .isEqualTo(report.recorded().providerEmission());
        assertThat(report.winners()).isZero();
        assertThat(report.losers()).isEqualTo(7);
        assertThat(report.mostLost()).hasSize(7).allMatch(c -> c.earned().covers(c.earnedThen()));
        assertThat(report.digest()).isNotEqualTo(replay(NOW).digest());
    }

    @Test
    void aHigherFeeMovesMoneyFromTheHostToTheTreasury() {
        WhatIfReport report = replay(reward(3_000, NOW.reward().checkerBasePerDay()));
        assertThat(report.proposed().bills()).isEqualTo(report.recorded().bills());
        Ath more = report.proposed().treasury().minus(report.recorded().treasury());
        assertThat(more).isEqualTo(report.recorded().bills().bps(1_000));
        List<Ath> days =
                report.days().stream().map(WhatIfReport.Day::treasuryThen).toList();
        assertThat(Ath.sum(days)).isEqualTo(report.proposed().treasury());
    }

    @Test
    void jobsBelowAHigherLeastPriceWouldNotHaveBeenAdmitted() {
        Market m = NOW.market();
        Market dear = new Market(
                Ath.ofWhole(1), m.offerTtlMillis(), m.startTtlMillis(), m.minHoldMillis(), m.openJobsPerAccount());
        WhatIfReport report = replay(with(NOW, dear, NOW.accountable()));
        assertThat(report.refused().values().stream().mapToLong(Long::longValue).sum())
                .isEqualTo(8);
    }

    @Test
    void onlyEpochsOfTheRangeAreCompared() {
        WhatIf none = new WhatIf(NOW, ALL, ALL + 1);
        DEMO.forEach(none::accept);
        assertThat(none.report().recorded()).isEqualTo(WhatIfReport.Flows.NONE);
        assertThat(none.report().fromEpoch()).isEqualTo(-1);
    }

    @Test
    void parametersThatCouldNeverBeInForceAreRefused() {
        assertThatThrownBy(() -> new WhatIf(reward(3_001, Ath.ZERO), 0, 1)).isInstanceOf(Refused.class);
        assertThat(new WhatIf(reward(3_000, Ath.ZERO), 0, 1).report().events()).isZero();
    }

    @Test
    void thePlotsAreDrawingsOfTheDays() throws Exception {
        WhatIfReport report = replay(reward(3_000, NOW.reward().checkerBasePerDay()));
        for (String svg : List.of(WhatIfPlot.emission(report), WhatIfPlot.treasury(report))) {
            var drawing = DocumentBuilderFactory.newInstance()
                    .newDocumentBuilder()
                    .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)));
            assertThat(drawing.getElementsByTagName("polyline").getLength()).isEqualTo(2);
        }
        assertThat(WhatIfPlot.treasury(report)).isNotEqualTo(WhatIfPlot.treasury(replay(NOW)));
    }

    /** A made history: one provider, one machine, an outage of ten minutes that cost one lease. */
    private static final class Outage {
        private static final long MINUTE = 60_000;
        private final Samples samples = new Samples(8);
        private final ProtocolParameters parameters = SampleParameters.get();
        private final MachineId machine = samples.machine();
        private final Wallet owner = samples.wallet();
        private final PoolId pool = PoolId.ofProvider(owner);
        private final Downtime offence =
                new Downtime(pool, machine, at(MINUTE), List.of(), Ath.ofWhole(100), List.of(), List.of());

        private List<Event> before() {
            JobSpec spec = samples.spec();
            TaskId task = samples.task();
            Wallet client = samples.wallet();
            Lease any = samples.lease(task.lease(1), spec);
            Lease lease = new Lease(
                    any.id(), machine, owner, any.gpus(), any.price(), any.startBy(), any.agreement(), any.simulated());
            return new ArrayList<>(List.of(
                    new ParametersActivated(1, parameters, 0, at(0)),
                    new StakeBonded(pool, 1, Ath.ofWhole(100_000), Hash32.ZERO, 1, at(0)),
                    new EpochOpened(
                            0, at(0), at(10_000), 1, Hash32.ZERO, List.of(), Candidate.digest(List.of()), at(0)),
                    new MachineEnrolled(
                            machine, owner, "key", samples.inventory(1), samples.authorization(owner), at(0)),
                    new MachineWentOnline(machine, at(0)),
                    new JobSubmitted(task, client, spec, samples.authorization(client), at(0)),
                    new JobAssigned(task, lease, at(0)),
                    new JobStarted(task, lease.id(), "c", at(1)),
                    new MachineWentOffline(machine, "silent", at(MINUTE)),
                    new JobLost(task, lease.id(), Ending.MACHINE_OFFLINE, "silent", null, at(MINUTE))));
        }

        /** Rates of the schedule times ten, or none before a year. */
        private ProtocolParameters under(List<Band> bands) {
            Accountability now = Accountability.STANDARD;
            Penalties p = now.penalties();
            Penalties other = new Penalties(
                    p.schedule(),
                    bands,
                    p.flatBps(),
                    p.committee(),
                    p.stayDays(),
                    p.appealDays(),
                    p.deposits(),
                    p.checkers(),
                    p.uncommitteed(),
                    p.shares(),
                    p.outage());
            return with(
                    parameters,
                    parameters.market(),
                    new Accountability(now.jail(), now.standing(), now.credits(), other));
        }
    }

    private static final List<Band> HARSHER = List.of(new Band(180_000, 4_000), new Band(86_400_000, 10_000));
    private static final List<Band> MILDER = List.of(new Band(86_400_000, 400), new Band(172_800_000, 10_000));

    @Test
    void aRecordedSlashCostsMoreOrNothing() {
        Outage made = new Outage();
        List<Event> events = made.before();
        events.add(new CaseOpened(
                made.offence.caseId(), made.offence, 400, Ath.ofWhole(4), 0, 1, null, at(4 * Outage.MINUTE)));
        events.add(new PenaltyRaised(made.offence.caseId(), 800, Ath.ofWhole(8), at(8 * Outage.MINUTE)));
        events.add(new MachineWentOnline(made.machine, at(11 * Outage.MINUTE)));
        WhatIfReport harsher = replay(events, made.under(HARSHER));
        assertThat(harsher.slashes())
                .containsExactly(new WhatIfReport.SlashChange(
                        made.offence.caseId(), made.pool, made.offence.name(), Ath.ofWhole(8), Ath.ofWhole(40)));
        assertThat(harsher.proposed().penalties()).isEqualTo(Ath.ofWhole(40));
        WhatIfReport milder = replay(events, made.under(MILDER));
        assertThat(milder.slashes().getFirst().amountThen())
                .as("would not have happened")
                .isEqualTo(Ath.ZERO);
        events.add(new CaseDismissed(made.offence.caseId(), "excused", at(12 * Outage.MINUTE)));
        assertThat(replay(events, made.under(HARSHER)).slashes()).isEmpty();
    }

    @Test
    void anOutageThatCostNothingWouldHave() {
        Outage made = new Outage();
        List<Event> events = made.before();
        events.add(new MachineWentOnline(made.machine, at(11 * Outage.MINUTE)));
        assertThat(replay(events, made.under(MILDER)).slashes()).isEmpty();
        List<WhatIfReport.SlashChange> slashes =
                replay(events, made.under(HARSHER)).slashes();
        assertThat(slashes).hasSize(1);
        assertThat(slashes.getFirst().penaltyCase()).isNull();
        assertThat(slashes.getFirst().accused()).isEqualTo(made.pool);
        assertThat(slashes.getFirst().amount()).isEqualTo(Ath.ZERO);
        assertThat(slashes.getFirst().amountThen())
                .isEqualTo(made.parameters.stake().providerPerGpu().bps(4_000));
    }
}
