package io.athanor.audit;

import io.athanor.domain.epoch.EpochEvent.EpochOpened;
import io.athanor.domain.governance.Measure.AttachedReport;
import io.athanor.domain.governance.Measure.ChangeParameters;
import io.athanor.domain.governance.ProposalEvent.ProposalSubmitted;
import io.athanor.domain.governance.ProposalId;
import io.athanor.domain.protocol.ProtocolParameters;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Reports of what-if from an export alone, the way anybody makes them again.
 *
 * <p>A proposal's report is of the history before it was submitted, so it is the same whenever it is made.
 */
public final class WhatIfExport {
    /** How far back a proposal's report looks, in settlement days. */
    public static final int DAYS = 7;

    private final Path export;

    public WhatIfExport(Path export) {
        this.export = export;
    }

    /** Where a proposal stands in the history. */
    private record Place(long index, long newestEpoch, ChangeParameters measure) {}

    /** A report, and what a measure says of it. */
    public record Attached(WhatIfReport report, AttachedReport reference) {
        /** Whether the measure names this very report. */
        public boolean same() {
            return report.digest().equals(reference.digest());
        }
    }

    /** Error: {@link IllegalArgumentException} where the export has no such proposal, or it changes no parameters. */
    public WhatIfReport ofProposal(ProposalId proposal, int days) throws IOException {
        Place place = find(proposal);
        ProtocolParameters proposed = place.measure().parameters();
        WhatIf whatIf = new WhatIf(proposed, from(proposed, place.newestEpoch(), days), place.newestEpoch());
        return run(whatIf, place.index());
    }

    /** Of these epochs, as far as the export goes. */
    public WhatIfReport of(ProtocolParameters proposed, long fromEpoch, long toEpoch) throws IOException {
        return run(new WhatIf(proposed, fromEpoch, toEpoch), Long.MAX_VALUE);
    }

    private static long from(ProtocolParameters proposed, long newestEpoch, int days) {
        return Math.max(0, newestEpoch - (long) days * proposed.timing().epochsPerDay());
    }

    /**
     * Makes the report again that a proposal names; empty where it names none. Error: {@link IllegalArgumentException} as
     * above, or where the export does not have all of its events.
     */
    public Optional<Attached> attachedTo(ProposalId proposal) throws IOException {
        ChangeParameters measure = find(proposal).measure();
        AttachedReport named = measure.whatIf();
        return named == null ? Optional.empty() : Optional.of(again(measure.parameters(), named));
    }

    private Attached again(ProtocolParameters proposed, AttachedReport named) throws IOException {
        if (end().index() < named.throughIndex()) {
            throw new IllegalArgumentException("the export ends before event " + named.throughIndex());
        }
        WhatIf whatIf = new WhatIf(proposed, named.fromEpoch(), named.toEpoch());
        return new Attached(run(whatIf, named.throughIndex() + 1), named);
    }

    /** Makes the report of a measure that is yet to be proposed, of the last days of the export. */
    public Attached attach(ProtocolParameters proposed, int days) throws IOException {
        End end = end();
        long from = from(proposed, end.newestEpoch(), days);
        WhatIfReport report = run(new WhatIf(proposed, from, end.newestEpoch()), end.index() + 1);
        return new Attached(report, new AttachedReport(report.digest(), end.index(), from, end.newestEpoch()));
    }

    private record End(long index, long newestEpoch) {}

    private End end() throws IOException {
        End[] end = {new End(0, 0)};
        new ExportReader(export).each(EpochOpened.class::equals, line -> {
            long epoch = line.event() instanceof EpochOpened e ? e.epoch() : end[0].newestEpoch();
            end[0] = new End(line.number(), epoch);
            return true;
        });
        return end[0];
    }

    private WhatIfReport run(WhatIf whatIf, long before) throws IOException {
        new ExportReader(export).each(WhatIf::reads, line -> {
            if (line.number() < before) {
                whatIf.accept(line.event());
            }
            return line.number() < before;
        });
        return whatIf.report();
    }

    private Place find(ProposalId proposal) throws IOException {
        long[] newest = {-1};
        List<Place> found = new ArrayList<>();
        new ExportReader(export).each(Set.of(EpochOpened.class, ProposalSubmitted.class)::contains, line -> {
            if (line.event() instanceof EpochOpened e) {
                newest[0] = e.epoch();
            } else if (line.event() instanceof ProposalSubmitted e
                    && e.proposal().equals(proposal)) {
                found.add(place(line.number(), newest[0], e));
            }
            return found.isEmpty();
        });
        if (found.isEmpty()) {
            throw new IllegalArgumentException("the export has no proposal " + proposal);
        }
        return found.getFirst();
    }

    private static Place place(long index, long newestEpoch, ProposalSubmitted e) {
        if (e.measure() instanceof ChangeParameters change) {
            return new Place(index, newestEpoch, change);
        }
        throw new IllegalArgumentException("proposal " + e.proposal() + " changes no parameters");
    }
}
