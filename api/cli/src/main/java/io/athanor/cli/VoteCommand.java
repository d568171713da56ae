package io.athanor.cli;

import com.fasterxml.jackson.core.type.TypeReference;
import io.athanor.audit.WhatIfExport;
import io.athanor.codec.Json;
import io.athanor.domain.common.Authorization;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.governance.Measure;
import io.athanor.domain.governance.Measure.ChangeParameters;
import io.athanor.domain.governance.ProposalId;
import io.athanor.domain.governance.Readiness;
import io.athanor.domain.governance.Tally.Choice;
import io.athanor.domain.signing.TypedEconomy;
import io.athanor.domain.view.NodesView;
import io.athanor.domain.view.Page;
import io.athanor.domain.view.ProposalView;
import io.athanor.domain.view.UpgradeView;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code athanor vote …}: proposals and votes. */
@Command(
        name = "vote",
        mixinStandardHelpOptions = true,
        description = "Proposals: look, propose, vote; and the guardian's pause.",
        subcommands = {VoteCommand.Proposals.class})
final class VoteCommand {
    @Command(name = "list", mixinStandardHelpOptions = true, description = "Proposals, newest first.")
    static final class Proposals implements Callable<Integer> {
        @Mixin
        private Session session = new Session();

        @Override
        public Integer call() throws IOException {
            Page<ProposalView> page =
                    session.server().get("/v1/proposals?first=50", new TypeReference<Page<ProposalView>>() {});
            Table table = new Table("PROPOSAL", "STAGE", "UNTIL DAY", "TODAY", "FOR", "AGAINST", "RESULT", "TITLE");
            page.items()
                    .forEach(p -> table.row(
                            p.id(),
                            p.stage(),
                            p.until(),
                            p.day(),
                            p.tally().inFavour().display(),
                            p.tally().against().display(),
                            p.result(),
                            p.title()));
            session.show(page, table);
            return 0;
        }
    }

    /** Typed, so that the measure says which it is. */
    private record Body(ProposalId proposalId, String title, Measure measure, Authorization authorization) {}

    @Command(
            name = "propose",
            description =
                    "Propose a measure, described by a JSON file. A change of parameters without its what-if report"
                            + " gets one.")
    int propose(
            @Option(names = "--title", required = true) String title,
            @Option(names = "--export", description = "What the report is made of; default: the history as it is now.")
                    @Nullable Path export,
            @Option(
                            names = "--days",
                            description = "That the report looks back. Default: ${DEFAULT-VALUE}.",
                            defaultValue = "7")
                    int days,
            @Parameters(paramLabel = "MEASURE.json") Path file,
            @Mixin Session call)
            throws IOException {
        Measure written = Json.readStrict(Files.readAllBytes(file), Measure.class);
        Measure measure = written instanceof ChangeParameters change && change.whatIf() == null
                ? reported(change, export, days, call)
                : written;
        ProposalId proposal = new ProposalId(Session.uuid());
        Authorization by = call.authorize((id, until) ->
                TypedEconomy.submitProposal(proposal, call.wallet(), title, Json.digest(measure), id, until));
        Body body = new Body(proposal, title, measure, by);
        Session.Accepted accepted = call.server().post("/v1/proposals", body, Session.Accepted.class);
        call.show(
                Map.of("proposal", proposal, "accepted", accepted),
                new Table("PROPOSAL", "EVENTS", "INDEX").row(proposal, accepted.events(), accepted.index()));
        return 0;
    }

    private static Measure reported(ChangeParameters change, @Nullable Path export, int days, Session call)
            throws IOException {
        if (export != null) {
            return reported(change, export, days);
        }
        Path fetched = Files.createTempFile("athanor-export", ".jsonl");
        try (InputStream history = call.server().stream("/v1/audit/export?after=0")) {
            Files.copy(history, fetched, StandardCopyOption.REPLACE_EXISTING);
            return reported(change, fetched, days);
        } finally {
            Files.delete(fetched);
        }
    }

    private static Measure reported(ChangeParameters change, Path export, int days) throws IOException {
        return change.withReport(
                new WhatIfExport(export).attach(change.parameters(), days).reference());
    }

    @Command(name = "cast", description = "Vote FOR, AGAINST, ABSTAIN or VETO.")
    int cast(
            @Parameters(paramLabel = "PROPOSAL") ProposalId proposal,
            @Parameters(paramLabel = "CHOICE") Choice choice,
            @Mixin Session call)
            throws IOException {
        Authorization by =
                call.authorize((id, until) -> TypedEconomy.castVote(proposal, call.wallet(), choice, id, until));
        Map<String, Object> body = Map.of("proposalId", proposal, "choice", choice, "authorization", by);
        Session.Accepted accepted =
                call.server().post("/v1/proposals/" + proposal + "/votes", body, Session.Accepted.class);
        call.show(
                accepted,
                new Table("COMMAND", "EVENTS", "INDEX").row(accepted.commandId(), accepted.events(), accepted.index()));
        return 0;
    }

    @Command(name = "readiness", description = "How much of the network holds the programs of a vote that has passed.")
    int readiness(@Parameters(paramLabel = "PROPOSAL") ProposalId proposal, @Mixin Session call) throws IOException {
        UpgradeView upgrade = call.server()
                .get("/v1/proposals/" + proposal, ProposalView.class)
                .upgrade();
        if (upgrade == null) {
            throw new Failure(Failure.REFUSED, "proposal " + proposal + " brings no programs, or has not passed");
        }
        Table table = new Table("STAGE", "EPOCH", "CAPACITY BPS", "STAKE BPS", "NEEDED", "NODES", "POSTPONED", "WHY")
                .row(
                        upgrade.stage(),
                        upgrade.activationEpoch(),
                        upgrade.capacityBps(),
                        upgrade.stakeBps(),
                        upgrade.requiredBps(),
                        nodes(upgrade.readiness().nodes()),
                        upgrade.postponed(),
                        upgrade.why());
        call.show(upgrade, table);
        return 0;
    }

    private static String nodes(Readiness.@Nullable Nodes nodes) {
        return nodes == null ? "none registered" : nodes.ready() + " of " + nodes.all();
    }

    @Command(name = "nodes", description = "The control plane's nodes that upgrades wait for.")
    int nodes(@Mixin Session call) throws IOException {
        NodesView known = call.server().get("/v1/nodes", NodesView.class);
        Table table = new Table("NODE");
        known.nodes().forEach(table::row);
        call.show(known, table);
        return 0;
    }

    @Command(name = "node", description = "Have upgrades wait for a node of the control plane; the guardian's alone.")
    int node(
            @Parameters(paramLabel = "NODE", description = "The address in node.address of its data folder.")
                    Wallet node,
            @Option(names = "--off", description = "Wait for it no more.") boolean off,
            @Mixin Session call)
            throws IOException {
        Authorization by =
                call.authorize((id, until) -> TypedEconomy.registerNode(call.wallet(), node, !off, id, until));
        Map<String, Object> body = Map.of("node", node, "active", !off, "authorization", by);
        Session.Accepted accepted = call.server().post("/v1/nodes", body, Session.Accepted.class);
        call.show(
                accepted,
                new Table("COMMAND", "EVENTS", "INDEX").row(accepted.commandId(), accepted.events(), accepted.index()));
        return 0;
    }

    @Command(name = "pause", description = "Stop new work for a while; the guardian's alone. It ends by itself.")
    int pause(
            @Option(names = "--for", required = true, description = "Such as PT2H.") Duration length,
            @Option(names = "--why", required = true) String why,
            @Mixin Session call)
            throws IOException {
        Authorization by = call.authorize(
                (id, until) -> TypedEconomy.pauseNetwork(call.wallet(), why, length.toMillis(), id, until));
        Map<String, Object> body = Map.of("why", why, "millis", length.toMillis(), "authorization", by);
        Session.Accepted accepted = call.server().post("/v1/pauses", body, Session.Accepted.class);
        call.show(
                accepted,
                new Table("COMMAND", "EVENTS", "INDEX").row(accepted.commandId(), accepted.events(), accepted.index()));
        return 0;
    }
}
