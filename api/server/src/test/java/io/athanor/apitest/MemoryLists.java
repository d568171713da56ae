package io.athanor.apitest;

import io.athanor.domain.account.Account;
import io.athanor.domain.account.AccountEvent.SessionKeyAuthorised;
import io.athanor.domain.account.AccountEvent.SessionKeyRevoked;
import io.athanor.domain.account.SessionKey;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.LeaseId;
import io.athanor.domain.common.StreamId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.job.JobEvent.JobAssigned;
import io.athanor.domain.job.JobEvent.JobCompleted;
import io.athanor.domain.job.JobEvent.JobSubmitted;
import io.athanor.domain.job.Lease;
import io.athanor.domain.job.Receipt;
import io.athanor.domain.protocol.ProtocolEvent.CanariesCommitted;
import io.athanor.domain.protocol.ProtocolEvent.NetworkPaused;
import io.athanor.domain.protocol.ProtocolEvent.NodeRegistered;
import io.athanor.domain.protocol.ProtocolEvent.ParametersActivated;
import io.athanor.domain.query.Queries.CurrentParameters;
import io.athanor.domain.query.Queries.FindCanary;
import io.athanor.domain.query.Queries.FindDelivery;
import io.athanor.domain.query.Queries.FindUpgrade;
import io.athanor.domain.query.Queries.ListCanaries;
import io.athanor.domain.query.Queries.ListCases;
import io.athanor.domain.query.Queries.ListDeliveries;
import io.athanor.domain.query.Queries.ListNodes;
import io.athanor.domain.query.Queries.ListPauses;
import io.athanor.domain.query.Queries.ListPools;
import io.athanor.domain.query.Queries.ListProposals;
import io.athanor.domain.query.Queries.ListSessionKeys;
import io.athanor.domain.view.CanaryView;
import io.athanor.domain.view.CaseView;
import io.athanor.domain.view.NodesView;
import io.athanor.domain.view.Page;
import io.athanor.domain.view.PauseView;
import io.athanor.domain.view.PoolView;
import io.athanor.domain.view.ProposalView;
import io.athanor.domain.view.SessionKeyView;
import io.athanor.domain.wire.CheckerProtocol.Delivery;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.axonframework.queryhandling.QueryHandler;

/** What a network without stake, votes and cases answers: it has none of them. */
final class MemoryLists {
    private final MemoryNetwork network;

    MemoryLists(MemoryNetwork network) {
        this.network = network;
    }

    /** Each key as its newest authorisation left it; what it spent is what the account says. */
    @QueryHandler
    Page<SessionKeyView> sessionKeys(ListSessionKeys query) {
        StreamId stream = StreamId.of(StreamId.ACCOUNT, query.wallet());
        Account account = Objects.requireNonNullElse(network.state(stream, Account.class), Account.EMPTY);
        List<SessionKeyView> keys = network.events(SessionKeyAuthorised.class).stream()
                .filter(e -> e.wallet().equals(query.wallet()))
                .map(e -> view(e, account))
                .toList();
        return new Page<>(keys, null, network.head());
    }

    private SessionKeyView view(SessionKeyAuthorised e, Account account) {
        SessionKey key = e.key();
        Instant revoked = network.events(SessionKeyRevoked.class).stream()
                .filter(r -> r.wallet().equals(e.wallet()) && r.key().equals(key.key()))
                .map(SessionKeyRevoked::at)
                .findFirst()
                .orElse(null);
        Ath spent = account.spentByKey().getOrDefault(key.key(), Ath.ZERO);
        return new SessionKeyView(
                e.wallet(), key.key(), key.scopes(), key.limit(), spent, e.at(), key.expiresAt(), revoked, 0);
    }

    @QueryHandler
    Optional<ParametersActivated> parameters(CurrentParameters query) {
        return network.events(ParametersActivated.class).stream().reduce((a, b) -> b);
    }

    @QueryHandler
    Page<PauseView> pauses(ListPauses query) {
        List<PauseView> newest = network.events(NetworkPaused.class).reversed().stream()
                .map(e -> new PauseView(1, e.guardian(), e.why(), e.at(), e.until()))
                .limit(query.first())
                .toList();
        return new Page<>(newest, null, network.head());
    }

    @QueryHandler
    NodesView nodes(ListNodes query) {
        Set<Wallet> nodes = new TreeSet<>();
        for (NodeRegistered e : network.events(NodeRegistered.class)) {
            if (e.active()) {
                nodes.add(e.node());
            } else {
                nodes.remove(e.node());
            }
        }
        return new NodesView(List.copyOf(nodes), network.head());
    }

    @QueryHandler
    Optional<CanaryView> canary(FindCanary query) {
        return canaries(new ListCanaries(null, Integer.MAX_VALUE)).items().stream()
                .filter(view -> view.epoch() == query.epoch())
                .findFirst();
    }

    @QueryHandler
    Page<CanaryView> canaries(ListCanaries query) {
        List<CanaryView> newest = network.events(CanariesCommitted.class).reversed().stream()
                .map(e -> new CanaryView(
                        e.epoch(), e.commitment(), e.at(), null, List.of(), Ath.ZERO, null, null, null, null, 1))
                .limit(query.first())
                .toList();
        return new Page<>(newest, null, network.head());
    }

    @QueryHandler
    Page<PoolView> pools(ListPools query) {
        return new Page<>(List.of(), null, network.head());
    }

    @QueryHandler
    Page<ProposalView> proposals(ListProposals query) {
        return new Page<>(List.of(), null, network.head());
    }

    /** No vote ever passes here. */
    @QueryHandler
    Optional<ProposalView> upgrade(FindUpgrade query) {
        return Optional.empty();
    }

    @QueryHandler
    Page<CaseView> cases(ListCases query) {
        return new Page<>(List.of(), null, network.head());
    }

    @QueryHandler
    Optional<Delivery> delivery(FindDelivery query) {
        return delivery(query.lease());
    }

    @QueryHandler
    Page<Delivery> deliveries(ListDeliveries query) {
        List<Delivery> found = query.leases().stream()
                .flatMap(lease -> delivery(lease).stream())
                .toList();
        return new Page<>(found, null, network.head());
    }

    /** Of leases that completed. */
    private Optional<Delivery> delivery(LeaseId lease) {
        return network.events(JobCompleted.class).stream()
                .filter(e -> e.receipt().lease().equals(lease))
                .findFirst()
                .map(e -> delivery(e.receipt(), e.at()));
    }

    private Delivery delivery(Receipt receipt, Instant endedAt) {
        LeaseId id = receipt.lease();
        Lease lease = network.events(JobAssigned.class).stream()
                .map(JobAssigned::lease)
                .filter(known -> known.id().equals(id))
                .findFirst()
                .orElseThrow();
        JobSubmitted order = network.events(JobSubmitted.class).stream()
                .filter(e -> e.task().equals(id.task()))
                .findFirst()
                .orElseThrow();
        return new Delivery(lease, order.spec(), receipt, receipt.startedAt(), endedAt);
    }
}
