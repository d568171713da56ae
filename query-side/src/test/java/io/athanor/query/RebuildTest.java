package io.athanor.query;

import static io.athanor.query.testing.Ids.job;
import static io.athanor.query.testing.Ids.machine;
import static io.athanor.query.testing.Ids.wallet;
import static org.assertj.core.api.Assertions.assertThat;

import io.athanor.domain.common.Ath;
import io.athanor.domain.port.EventSource;
import io.athanor.domain.query.Queries.FindJob;
import io.athanor.domain.view.JobView;
import io.athanor.query.fold.DeadLetters;
import io.athanor.query.fold.ViewRebuild;
import io.athanor.query.fold.ViewRebuild.Progress;
import io.athanor.query.testing.History;
import io.athanor.query.testing.Jobs;
import io.athanor.query.testing.Network;
import io.athanor.query.testing.TestNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.axonframework.eventhandling.GapAwareTrackingToken;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.eventhandling.tokenstore.TokenStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Views made anew from the history equal those that lived through it. */
@Tag("postgres")
class RebuildTest {
    private static final long SEED = 20_260_101;
    private TestNode node;

    @BeforeEach
    void start() {
        node = TestNode.start();
    }

    @AfterEach
    void stop() {
        node.close();
    }

    @Test
    void rebuiltViewsEqualTheLiveOnesByteForByte() {
        System.out.println("seed " + SEED);
        History.of(SEED, 120).forEach(node::append);
        long head = node.bean(EventSource.class).head();
        node.awaitViews(head);
        assertThat(node.bean(DeadLetters.class).list(1)).isEmpty();
        Map<String, List<String>> live = node.dump();
        assertThat(live).allSatisfy((table, rows) -> assertThat(rows).as(table).isNotEmpty());

        node.jdbi().useHandle(h -> h.execute("UPDATE view.job SET state = 'LOST'"));
        node.jdbi().useHandle(h -> h.execute("DELETE FROM view.timeline"));
        assertThat(node.dump()).isNotEqualTo(live);

        List<Progress> progress = new ArrayList<>();
        Progress end = node.bean(ViewRebuild.class).run(progress::add);
        assertThat(end.index()).isEqualTo(head);
        assertThat(progress.getLast()).isEqualTo(end);
        assertThat(node.dump()).isEqualTo(live);
    }

    @Test
    void theLiveProcessorGoesOnBehindTheRebuild() {
        node.append(Network.provider(machine(1)));
        node.append(List.of(Network.deposit(wallet(100), 1, Ath.ofWhole(9))));
        node.show(Jobs.submit(job(1), wallet(100), 1, 1_000));
        long rebuilt = node.bean(ViewRebuild.class).run(progress -> {}).index();
        assertThat(token().position()).hasValue(rebuilt);
        node.show(Jobs.assign(job(1).task(0), 1, machine(1), 1_100));
        assertThat(node.find(new FindJob(job(1)), JobView.class).orElseThrow().state())
                .isEqualTo("ASSIGNED");
        assertThat(node.bean(DeadLetters.class).list(1)).isEmpty();
    }

    @Test
    void aNumberThatWasSkippedIsStillAwaited() {
        node.append(List.of(Network.deposit(wallet(100), 1, Ath.ofWhole(9))));
        node.jdbi()
                .useHandle(h -> h.execute(
                        "SELECT nextval(pg_get_serial_sequence(" + "'axon.\"domainevententry\"', 'globalindex'))"));
        long last = node.show(List.of(Network.deposit(wallet(100), 2, Ath.ofWhole(9))));
        node.bean(ViewRebuild.class).run(progress -> {});
        assertThat(last).isEqualTo(3);
        assertThat(((GapAwareTrackingToken) token()).getGaps()).containsExactly(2L);
    }

    /** As stored: the processor's claim is not needed to read it. */
    private TrackingToken token() {
        byte[] json = node.jdbi()
                .withHandle(h -> h.createQuery("SELECT token FROM axon.TokenEntry WHERE processorName = :name")
                        .bind("name", QuerySideConfiguration.PROCESSOR)
                        .mapTo(byte[].class)
                        .one());
        assertThat(node.axon().getComponent(TokenStore.class)).isNotNull();
        return io.athanor.codec.Json.read(json, GapAwareTrackingToken.class);
    }
}
