package io.athanor.audit;

import io.athanor.domain.epoch.EpochEvent.EpochOpened;
import io.athanor.domain.governance.Measure.ChangeParameters;
import io.athanor.domain.governance.ProposalEvent.ProposalSubmitted;
import io.athanor.domain.governance.ProposalId;
import io.athanor.domain.protocol.ProtocolParameters;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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
    private record Place(long index, long newestEpoch, ProtocolParameters proposed) {}

    /** Error: {@link IllegalArgumentException} where the export has no such proposal, or it changes no parameters. */
    public WhatIfReport ofProposal(ProposalId proposal, int days) throws IOException {
        Place place = find(proposal);
        long back = (long) days * place.proposed().timing().epochsPerDay();
        WhatIf whatIf = new WhatIf(place.proposed(), Math.max(0, place.newestEpoch() - back), place.newestEpoch());
        return run(whatIf, place.index());
    }

    /** Of these epochs, as far as the export goes. */
    public WhatIfReport of(ProtocolParameters proposed, long fromEpoch, long toEpoch) throws IOException {
        return run(new WhatIf(proposed, fromEpoch, toEpoch), Long.MAX_VALUE);
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
            return new Place(index, newestEpoch, change.parameters());
        }
        throw new IllegalArgumentException("proposal " + e.proposal() + " changes no parameters");
    }
}
