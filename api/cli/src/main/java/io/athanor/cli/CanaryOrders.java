package io.athanor.cli;

import com.fasterxml.jackson.core.type.TypeReference;
import io.athanor.cli.Session.Accepted;
import io.athanor.codec.Json;
import io.athanor.crypto.Secp256k1;
import io.athanor.domain.common.Authorization;
import io.athanor.domain.common.JobId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.job.JobSpec;
import io.athanor.domain.signing.TypedCommands;
import io.athanor.domain.view.EpochView;
import io.athanor.domain.view.JobView;
import io.athanor.domain.view.Page;
import java.io.IOException;
import java.util.Optional;

/** What the mystery shopper orders from its wallets, each of which orders once, also where it was interrupted. */
final class CanaryOrders {
    private static final long POLL_MILLIS = 500;

    private final Session session;

    CanaryOrders(Session session) {
        this.session = session;
    }

    /** The job that a wallet has ordered, or now orders. Error: {@link Failure} where the order is refused. */
    JobId order(Secp256k1.KeyPair key, JobId fresh, JobSpec spec) throws IOException {
        Wallet client = Wallet.parse(key.address());
        Page<JobView> known =
                session.server().get("/v1/jobs?client=" + client + "&first=1", new TypeReference<Page<JobView>>() {});
        if (!known.items().isEmpty()) {
            return known.items().getFirst().id();
        }
        Authorization by = session.authorize(
                key,
                (id, until) -> TypedCommands.submitJob(
                        fresh, client, Json.digest(spec), spec.tasks(), spec.maxPrice(), spec.cap(), id, until));
        JobSubmit.Order order =
                new JobSubmit.Order(fresh, spec, by, session.network().chainId());
        session.server().post("/v1/jobs", order, Accepted.class);
        return fresh;
    }

    JobView settled(JobId job) throws IOException {
        Optional<JobView> seen = session.server().find("/v1/jobs/" + job, JobView.class);
        while (seen.filter(view -> view.state().equals("SETTLED")).isEmpty()) {
            Session.pause(POLL_MILLIS);
            seen = session.server().find("/v1/jobs/" + job, JobView.class);
        }
        return seen.get();
    }

    EpochView opened(long epoch) throws IOException {
        Optional<EpochView> found = session.server().find("/v1/epochs/" + epoch, EpochView.class);
        while (found.isEmpty()) {
            Session.pause(POLL_MILLIS);
            found = session.server().find("/v1/epochs/" + epoch, EpochView.class);
        }
        return found.get();
    }
}
