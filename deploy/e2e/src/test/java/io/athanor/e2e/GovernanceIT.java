package io.athanor.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import io.athanor.agent.server.StagedUpgrade;
import io.athanor.codec.Json;
import io.athanor.codec.Profiles;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Authorization;
import io.athanor.domain.common.PoolId;
import io.athanor.domain.common.Sha256;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.governance.Measure;
import io.athanor.domain.governance.Measure.ChangeParameters;
import io.athanor.domain.governance.Measure.FundCommunity;
import io.athanor.domain.governance.Measure.Milestone;
import io.athanor.domain.governance.Measure.Subject;
import io.athanor.domain.governance.Measure.UpgradeNetwork;
import io.athanor.domain.governance.ProposalId;
import io.athanor.domain.governance.Readiness;
import io.athanor.domain.governance.Tally.Choice;
import io.athanor.domain.protocol.Economy;
import io.athanor.domain.protocol.Economy.Governance;
import io.athanor.domain.protocol.Economy.Upgrades;
import io.athanor.domain.protocol.ProtocolParameters;
import io.athanor.domain.protocol.ProtocolParameters.Reward;
import io.athanor.domain.protocol.ProtocolParameters.Timing;
import io.athanor.domain.signing.SigningDomain;
import io.athanor.domain.signing.TypedEconomy;
import io.athanor.domain.view.DelegationView;
import io.athanor.domain.view.EpochView;
import io.athanor.domain.view.Page;
import io.athanor.domain.view.ProposalView;
import io.athanor.domain.view.UpgradeView;
import io.athanor.local.TestEngines;
import io.athanor.local.demo.Story;
import io.athanor.local.demo.Summary;
import io.athanor.local.devnet.ApiClient;
import io.athanor.local.devnet.Attesters;
import io.athanor.local.devnet.DevChain;
import io.athanor.local.devnet.DevWallet;
import io.athanor.local.devnet.DevWallets;
import io.athanor.local.devnet.DevnetAccounts;
import io.athanor.local.devnet.DevnetMachines;
import io.athanor.local.network.Progress;
import io.athanor.local.network.Services;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Proposals go their whole way through real processes: one halves the checkers' emission from an epoch's boundary on, one
 * pays a grant, one brings programs that begin when the agent and the checkers hold them, one is refused for what it would break; and a delegator earns. The replay agrees with all of it.
 */
@Tag("e2e")
class GovernanceIT {
    private static final int PORT_BASE = 19_080;
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final Ath GRANT = Ath.ofWei(1_000);
    private static final int RECIPIENT = 13;

    private final Path data = TestEngines.folder("governance");
    private final ProtocolParameters parameters = shortDays();
    private final Launcher launcher = new Launcher(data, PORT_BASE, profile());

    /** A settlement day is one epoch of ten seconds, and a vote takes four of them. */
    private static ProtocolParameters shortDays() {
        ProtocolParameters p = Profiles.load("devnet");
        Timing t = p.timing();
        Governance g = new Governance(1_000, Ath.ofWhole(10), 1, 2, 2_000, 5_000, 6_667, 3_340, 1, 1, 1, 1_461)
                .with(true, new Upgrades(5_000, 1, 10));
        return p.withTiming(new Timing(
                        t.slotMillis(), t.slotsPerEpoch(), 1, t.commitWindowMillis(), t.revealWindowMillis()))
                .withEconomy(new Economy(
                        Economy.STANDARD.delegation(), g, null, p.economics().emergency()));
    }

    private Map<String, String> profile() {
        try {
            Path file = Files.write(data.resolve("profile.json"), Json.bytes(parameters));
            return Map.of("ATHANOR_PROFILE", file.toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void proposalsTakeEffectByThemselves() throws Exception {
        Launcher.Run up = launcher.run("up", "--detach");
        assertThat(up.exit()).as(up.out() + up.err()).isZero();
        try {
            new Votes().run();
        } finally {
            assertThat(launcher.run("down").exit()).isZero();
        }
    }

    /** Typed, so that the measure says which it is. */
    private record Body(ProposalId proposalId, String title, Measure measure, Authorization authorization) {}

    /** The running network, seen by its people. */
    private final class Votes {
        private final ApiClient api =
                new ApiClient(Services.api(launcher.network().layout()));
        private final DevChain chain = new DevChain(launcher.network().chain().rpc(), data.resolve("contracts.json"));
        private final SigningDomain domain =
                new SigningDomain(chain.contracts().chainId(), chain.contracts().log());
        private final DevWallet proposer = DevWallet.number(DevWallets.FIRST_CHECKER);
        private final DevWallet client = DevWallet.number(DevWallets.CLIENT);

        void run() throws IOException, InterruptedException {
            Story story = new Story(launcher.network(), new Progress(System.err), data.resolve("demo"));
            delegate();
            fundProposer();
            Summary paid = story.tell();
            assertThat(paid.good()).as(String.valueOf(paid)).isTrue();
            assertThatThrownBy(() -> propose("More supply", rewards(Ath.ofWei(1), 1)))
                    .hasMessageContaining("INVARIANT_BROKEN");
            assertThatThrownBy(() -> propose("No report", rewards(Ath.ZERO, 2))).hasMessageContaining("REPORT_MISSING");
            ProposalId half = proposeWithReport("Halve the checkers' base", rewards(Ath.ZERO, 2));
            ProposalId grant = propose(
                    "A dashboard",
                    new FundCommunity(
                            DevWallet.number(RECIPIENT).wallet(),
                            "a dashboard",
                            List.of(new Milestone("all", GRANT, 0))));
            Path programs = Files.writeString(data.resolve("programs"), "the next version");
            ProposalId upgrade = propose(
                    "The next version",
                    new UpgradeNetwork("0.2.0", Sha256.of(Files.readAllBytes(programs)), newestEpoch() + 8));
            registerNode();
            assertThatThrownBy(() -> vote(proposer, upgrade, Choice.FOR)).hasMessageContaining("TOO_EARLY");
            reaches(half, "VOTING");
            reaches(grant, "VOTING");
            reaches(upgrade, "VOTING");
            for (int i = 0; i < DevWallets.CHECKERS - 1; i++) {
                DevWallet voter = DevWallet.number(DevWallets.FIRST_CHECKER + i);
                vote(voter, half, Choice.FOR);
                vote(voter, grant, Choice.FOR);
                vote(voter, upgrade, Choice.FOR);
            }
            assertThatThrownBy(() -> vote(proposer, half, Choice.AGAINST)).hasMessageContaining("ALREADY_VOTED");
            assertThatThrownBy(() -> vote(DevWallet.number(RECIPIENT), half, Choice.FOR))
                    .hasMessageContaining("NO_VOTING_POWER");
            reaches(half, "EXECUTED");
            reaches(grant, "EXECUTED");
            begins(upgrade, programs);
            emissionIsHalved();
            await().atMost(PATIENCE).until(() -> available(RECIPIENT).equals(GRANT));
            assertThat(reward().isZero()).as("the delegator earns").isFalse();
            assertThat(available(DevWallets.FIRST_CHECKER).covers(Ath.ofWhole(100)))
                    .as("both deposits came back")
                    .isTrue();
            replays();
            isReportedByAnybody(half);
        }

        /** The control plane's one node, by the address that it left for people. */
        private void registerNode() throws IOException {
            Wallet node =
                    Wallet.parse(Files.readString(data.resolve("node.address")).strip());
            DevWallet guardian = DevWallet.number(DevWallets.OPERATOR);
            Authorization by = guardian.authorize(
                    domain, (id, until) -> TypedEconomy.registerNode(guardian.wallet(), node, true, id, until));
            api.post("/v1/nodes", Map.of("node", node, "active", true, "authorization", by), Map.class);
        }

        /** The node, the agent and six of the seven checkers get the programs, sign for them, and the upgrade begins at a boundary. */
        private void begins(ProposalId upgrade, Path programs) throws IOException {
            reaches(upgrade, "EXECUTED");
            StagedUpgrade.stage(data, programs);
            StagedUpgrade.stage(DevnetMachines.folder(data, 0), programs);
            for (int i = 0; i < DevWallets.CHECKERS - 1; i++) {
                StagedUpgrade.stage(Attesters.folder(data, i), programs);
            }
            await().atMost(PATIENCE).until(() -> upgrade(upgrade).stage().equals("ACTIVE"));
            assertThat(upgrade(upgrade).readiness().readyPpm()).isPositive();
            assertThat(upgrade(upgrade).readiness().nodes()).isEqualTo(new Readiness.Nodes(1, 1));
            assertThat(upgrade(upgrade).stakeBps()).isBetween(5_000, 9_999);
        }

        private UpgradeView upgrade(ProposalId proposal) {
            return Objects.requireNonNull(
                    api.get("/v1/proposals/" + proposal, ProposalView.class).upgrade());
        }

        private long newestEpoch() {
            return api.get("/v1/epochs?first=1", new TypeReference<Page<EpochView>>() {})
                    .items()
                    .getFirst()
                    .epoch();
        }

        private void replays() throws IOException, InterruptedException {
            CommandLine.Call audit = new CommandLine(
                            Services.api(launcher.network().layout()), DevnetAccounts.clientKey(data), data)
                    .run("audit", "verify");
            assertThat(audit.exit()).as(audit.out() + audit.err()).isZero();
            assertThat(audit.out()).contains("MATCH").doesNotContain("MISMATCH");
        }

        private void delegate() {
            Ath amount = Ath.ofWhole(100);
            await().atMost(PATIENCE).until(() -> available(DevWallets.CLIENT).covers(amount));
            PoolId pool = PoolId.ofChecker(proposer.wallet());
            Authorization by = client.authorize(
                    domain, (id, until) -> TypedEconomy.delegate(pool, client.wallet(), amount, id, until));
            api.post(
                    "/v1/pools/" + pool + "/delegations",
                    Map.of("pool", pool, "amount", amount, "authorization", by),
                    Map.class);
        }

        private Ath reward() {
            return api.get(
                            "/v1/accounts/" + client.wallet() + "/delegations",
                            new TypeReference<Page<DelegationView>>() {})
                    .items()
                    .getFirst()
                    .reward();
        }

        private void fundProposer() {
            chain.fund(proposer.wallet(), Ath.ofWhole(100));
            chain.deposit(proposer.wallet(), Ath.ofWhole(100));
            chain.settle();
            await().atMost(PATIENCE)
                    .until(() -> available(DevWallets.FIRST_CHECKER).covers(Ath.ofWhole(100)));
        }

        private Ath available(int wallet) {
            return DevnetAccounts.account(api, DevWallet.number(wallet).wallet())
                    .available();
        }

        private Measure rewards(Ath moreReserve, long divisor) {
            Reward r = parameters.reward();
            Reward other = new Reward(
                    r.providerYearsPpm(),
                    r.providerReserve().plus(moreReserve),
                    r.checkerReserve(),
                    r.checkerBasePerDay().share(1, divisor),
                    r.protocolFeeBps(),
                    r.deliveryCapPpm(),
                    r.treasurySharePpm(),
                    r.modelPpm());
            return new ChangeParameters(Subject.REWARDS, 1, parameters.withReward(other));
        }

        private ProposalId propose(String title, Measure measure) {
            ProposalId proposal = new ProposalId(DevWallet.freshId());
            Authorization by = proposer.authorize(
                    domain,
                    (id, until) -> TypedEconomy.submitProposal(
                            proposal, proposer.wallet(), title, Json.digest(measure), id, until));
            api.post("/v1/proposals", new Body(proposal, title, measure, by), Map.class);
            return proposal;
        }

        /** The command line fetches the history, makes the report and signs its digest. */
        private ProposalId proposeWithReport(String title, Measure measure) throws IOException, InterruptedException {
            Path file = Files.write(data.resolve("measure.json"), Json.bytes(measure));
            CommandLine line = new CommandLine(
                    Services.api(launcher.network().layout()), proposer.keep(data.resolve("proposer.key")), data);
            JsonNode accepted = done(line.run("vote", "propose", "--json", "--title", title, file.toString()))
                    .json();
            return ProposalId.parse(accepted.get("proposal").asText());
        }

        private void isReportedByAnybody(ProposalId proposal) throws IOException, InterruptedException {
            CommandLine line =
                    new CommandLine(Services.api(launcher.network().layout()), DevnetAccounts.clientKey(data), data);
            Path export = data.resolve("export.jsonl");
            done(line.run("audit", "export", export.toString()));
            assertThat(done(line.run("whatif", export.toString(), "--proposal", proposal.toString()))
                            .err())
                    .contains("this export gives the same");
        }

        private CommandLine.Call done(CommandLine.Call call) {
            assertThat(call.exit()).as(call.out() + call.err()).isZero();
            return call;
        }

        private void vote(DevWallet voter, ProposalId proposal, Choice choice) {
            Authorization by = voter.authorize(
                    domain, (id, until) -> TypedEconomy.castVote(proposal, voter.wallet(), choice, id, until));
            api.post(
                    "/v1/proposals/" + proposal + "/votes",
                    Map.of("proposalId", proposal, "choice", choice, "authorization", by),
                    Map.class);
        }

        private void reaches(ProposalId proposal, String stage) {
            await().atMost(PATIENCE)
                    .until(() -> api.get("/v1/proposals/" + proposal, ProposalView.class)
                            .stage()
                            .equals(stage));
        }

        /** From one epoch on every one emits at most half of what was emitted before it. */
        private void emissionIsHalved() {
            Ath half = parameters.reward().checkerBasePerDay().share(1, 2);
            await().atMost(PATIENCE).until(() -> newestEmission().compareTo(half) <= 0);
            assertThat(emissions()).anyMatch(emission -> emission.compareTo(half) > 0);
        }

        private Ath newestEmission() {
            return emissions().getFirst();
        }

        /** Of the epochs in which checkers earned, the newest first. */
        private List<Ath> emissions() {
            return api.get("/v1/epochs?first=100", new TypeReference<Page<EpochView>>() {}).items().stream()
                    .map(EpochView::checkerEmission)
                    .filter(emission -> !emission.isZero())
                    .toList();
        }
    }
}
