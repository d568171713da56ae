package io.athanor.query.bench;

import io.athanor.codec.EventCatalogue;
import io.athanor.codec.Json;
import io.athanor.domain.common.Event;
import io.athanor.domain.port.EventSource;
import io.athanor.domain.port.EventSource.Stored;
import io.athanor.query.fold.ViewRebuild;
import io.athanor.query.testing.History;
import io.athanor.query.testing.TestNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Events a second: the live processor from zero, and the rebuild, beside reading and decoding the same history.
 *
 * <p>Arguments: how many jobs (8,000), each about 12 events.
 */
public final class RebuildBench {
    private static final int APPEND_EVENTS = 500;
    private static final int READ_EVENTS = 10_000;
    private static final int ROUNDS = 3;

    private RebuildBench() {}

    public static void main(String[] arguments) {
        int jobs = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 8_000;
        try (TestNode node = TestNode.idle()) {
            long events = append(node, History.of(1, jobs));
            report("live, from zero", events, time(() -> live(node)), 0);
            for (int round = 1; round <= ROUNDS; round++) {
                double floor = report("read and decode", events, time(() -> decode(node)), 0);
                report("rebuild", events, time(() -> rebuild(node)), floor);
            }
        }
    }

    private static long append(TestNode node, List<List<Event>> groups) {
        List<Event> chunk = new ArrayList<>();
        long events = 0;
        for (List<Event> group : groups) {
            chunk.addAll(group);
            events += group.size();
            if (chunk.size() >= APPEND_EVENTS) {
                node.append(chunk);
                chunk.clear();
            }
        }
        node.append(chunk);
        return events;
    }

    private static void live(TestNode node) {
        node.startProcessing();
        node.awaitViews(node.bean(EventSource.class).head(), Duration.ofMinutes(10));
    }

    private static void decode(TestNode node) {
        EventSource source = node.bean(EventSource.class);
        long seen = 0;
        for (List<Stored> page = source.read(0, READ_EVENTS); !page.isEmpty(); page = source.read(seen, READ_EVENTS)) {
            for (Stored stored : page) {
                Event event = Json.read(stored.payload(), EventCatalogue.classOf(stored.name()));
                if (!event.stream().equals(stored.stream())) {
                    throw new IllegalStateException("decoded otherwise: " + stored);
                }
            }
            seen = page.getLast().index();
        }
    }

    private static void rebuild(TestNode node) {
        node.bean(ViewRebuild.class).run(progress -> {});
    }

    private static double time(Runnable work) {
        long start = System.nanoTime();
        work.run();
        return (System.nanoTime() - start) / 1e9;
    }

    private static double report(String what, long events, double seconds, double floor) {
        double rate = events / seconds;
        String ratio = floor == 0 ? "" : String.format("  %.2f of read and decode", rate / floor);
        System.out.printf("%-18s %,9d events %6.2f s %,10.0f events/s%s%n", what, events, seconds, rate, ratio);
        return rate;
    }
}
