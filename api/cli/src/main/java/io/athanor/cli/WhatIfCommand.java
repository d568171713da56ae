package io.athanor.cli;

import io.athanor.audit.WhatIfExport;
import io.athanor.audit.WhatIfExport.Attached;
import io.athanor.audit.WhatIfPlot;
import io.athanor.audit.WhatIfReport;
import io.athanor.codec.Json;
import io.athanor.codec.Profiles;
import io.athanor.domain.common.Ath;
import io.athanor.domain.governance.Measure;
import io.athanor.domain.governance.Measure.ChangeParameters;
import io.athanor.domain.governance.ProposalId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code athanor whatif}: what a range of the history would have come to under other parameters, from an export alone. */
@Command(
        name = "whatif",
        mixinStandardHelpOptions = true,
        description =
                "Replays a range of an export under other parameters: who gains, who loses, which slashes and jobs"
                        + " would (not) have been. The report's digest is the same for everybody.")
final class WhatIfCommand implements Callable<Integer> {
    @Mixin
    private Session session = new Session();

    @Parameters(paramLabel = "EXPORT", description = "As 'audit export' wrote it.")
    private Path export = Path.of("export.jsonl");

    @ArgGroup(multiplicity = "1")
    private Proposed proposed = new Proposed();

    /** Which parameters. */
    static final class Proposed {
        @Option(names = "--proposal", description = "Those of a proposal; the range is the days before it.")
        private @Nullable ProposalId proposal;

        @Option(names = "--parameters", description = "Those of a profile or of a JSON file.")
        private @Nullable String parameters;

        @Option(
                names = "--measure",
                description =
                        "Those of a measure's file, before it is proposed; the report's digest is written into it.")
        private @Nullable Path measure;
    }

    @Option(
            names = "--days",
            description = "Settlement days before a proposal, or the end of the export. Default: ${DEFAULT-VALUE}.")
    private int days = WhatIfExport.DAYS;

    @Option(names = "--from-epoch", description = "With --parameters: the first epoch of the range.")
    private long fromEpoch;

    @Option(names = "--to-epoch", description = "With --parameters: the last epoch of the range.")
    private long toEpoch = Long.MAX_VALUE - 1;

    @Option(names = "--report", description = "Where the report's canonical JSON is put.")
    private @Nullable Path report;

    @Option(names = "--plots", description = "A folder for the plots, as SVG.")
    private @Nullable Path plots;

    @Override
    public Integer call() throws IOException {
        WhatIfReport made = make();
        if (report != null) {
            Files.write(report, Json.canonical(made));
        }
        if (plots != null) {
            Files.createDirectories(plots);
            Files.writeString(plots.resolve("emission.svg"), WhatIfPlot.emission(made));
            Files.writeString(plots.resolve("treasury.svg"), WhatIfPlot.treasury(made));
        }
        session.show(made, table(made));
        session.say("epochs " + made.fromEpoch() + " to " + made.toEpoch() + ": " + made.winners() + " gain, "
                + made.losers() + " lose, " + made.unchanged() + " neither; "
                + made.slashes().size()
                + " penalties looked at; of " + made.jobs() + " tasks refused: " + made.refused());
        session.say("digest " + made.digest());
        return proposed.proposal == null ? 0 : compare(proposed.proposal);
    }

    private WhatIfReport make() throws IOException {
        WhatIfExport history = new WhatIfExport(export);
        try {
            ProposalId id = proposed.proposal;
            Path measure = proposed.measure;
            if (measure != null) {
                return attach(history, measure);
            }
            return id != null
                    ? history.ofProposal(id, days)
                    : history.of(Profiles.load(String.valueOf(proposed.parameters)), fromEpoch, toEpoch);
        } catch (IllegalArgumentException e) {
            throw new Failure(Failure.USAGE, String.valueOf(e.getMessage()));
        }
    }

    /** What the proposal says of its report, against the report that its export gives here. */
    private int compare(ProposalId id) throws IOException {
        Attached named = new WhatIfExport(export).attachedTo(id).orElse(null);
        if (named == null) {
            session.say("the proposal names no report");
            return 0;
        }
        session.say("the proposal names " + named.reference().digest() + " of epochs "
                + named.reference().fromEpoch() + " to " + named.reference().toEpoch() + "; this export gives "
                + (named.same() ? "the same" : named.report().digest()));
        return named.same() ? 0 : Failure.REFUSED;
    }

    private WhatIfReport attach(WhatIfExport history, Path file) throws IOException {
        if (!(Json.readStrict(Files.readAllBytes(file), Measure.class) instanceof ChangeParameters change)) {
            throw new Failure(Failure.USAGE, file + " changes no parameters");
        }
        Attached made = history.attach(change.parameters(), days);
        Files.writeString(file, Json.text(measure(change, made)));
        return made.report();
    }

    /** Typed, so that its JSON says which measure it is. */
    private static Measure measure(ChangeParameters change, Attached made) {
        return change.withReport(made.reference());
    }

    private static Table table(WhatIfReport made) {
        WhatIfReport.Flows is = made.recorded();
        WhatIfReport.Flows then = made.proposed();
        Table table = new Table("FLOW", "RECORDED", "PROPOSED");
        row(table, "bills", is.bills(), then.bills());
        row(table, "treasury", is.treasury(), then.treasury());
        row(table, "providers' emission", is.providerEmission(), then.providerEmission());
        row(table, "checkers' emission", is.checkerEmission(), then.checkerEmission());
        row(table, "delegators", is.delegators(), then.delegators());
        row(table, "penalties", is.penalties(), then.penalties());
        return table;
    }

    private static void row(Table table, String flow, Ath recorded, Ath proposed) {
        table.row(flow, recorded.display(), proposed.display());
    }
}
