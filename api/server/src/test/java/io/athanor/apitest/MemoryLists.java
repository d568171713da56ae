package io.athanor.apitest;

import io.athanor.domain.query.Queries.ListCases;
import io.athanor.domain.query.Queries.ListPools;
import io.athanor.domain.query.Queries.ListProposals;
import io.athanor.domain.view.CaseView;
import io.athanor.domain.view.Page;
import io.athanor.domain.view.PoolView;
import io.athanor.domain.view.ProposalView;
import java.util.List;
import org.axonframework.queryhandling.QueryHandler;

/** What a network without stake, votes and cases answers: it has none of them. */
final class MemoryLists {
    private final MemoryNetwork network;

    MemoryLists(MemoryNetwork network) {
        this.network = network;
    }

    @QueryHandler
    Page<PoolView> pools(ListPools query) {
        return new Page<>(List.of(), null, network.head());
    }

    @QueryHandler
    Page<ProposalView> proposals(ListProposals query) {
        return new Page<>(List.of(), null, network.head());
    }

    @QueryHandler
    Page<CaseView> cases(ListCases query) {
        return new Page<>(List.of(), null, network.head());
    }
}
