package io.athanor.command.bench;

import io.athanor.command.Samples;
import io.athanor.command.TestNode;
import io.athanor.command.bus.GroupCommandBus;
import io.athanor.domain.account.AccountEvent;
import io.athanor.domain.common.JobId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.port.Commands.Order;
import io.athanor.domain.port.Commands.Outcome;
import io.athanor.local.engine.Database;
import io.athanor.local.engine.PostgresEngine;
import io.athanor.local.engine.PostgresSettings;
import io.athanor.local.engine.TestDatabases;
import io.athanor.local.process.Ports;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.SynchronousQueue;
import java.util.function.IntFunction;
import org.axonframework.config.ConfigurerModule;
import org.axonframework.eventhandling.EventHandler;
import org.axonframework.eventhandling.TrackingEventProcessorConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Orders and events a second on a durable PostgreSQL, beside that server's own rate of INSERT and commit, measured
 * just before and after in the same run. Read the ratios; absolute figures belong to the machine.
 *
 * <p>Arguments: seconds a measurement (default 5) and orders in flight (default 256).
 */
public final class AppendBench {
    private static final int WARM_UP_ORDERS = 20_000;
    private static final int ACCOUNTS = 200;
    private static final int FLOOR_CLIENTS = 16;
    private static final int EVENT_BYTES = 600;
    private static final int SINGLE_ORDERS = 2_000;

    private final TestNode node;
    private final Database database;
    private final long millis;
    private final int inFlight;
    private final List<Wallet> wallets = new ArrayList<>();
    private final long[] deposits = new long[ACCOUNTS];

    private AppendBench(Database database, TestNode node, long millis, int inFlight) {
        this.database = database;
        this.node = node;
        this.millis = millis;
        this.inFlight = inFlight;
    }

    public static void main(String[] arguments) throws Exception {
        long seconds = arguments.length > 0 ? Long.parseLong(arguments[0]) : 5;
        int inFlight = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 256;
        Path folder = Files.createTempDirectory("athanor-bench");
        PostgresEngine engine = new PostgresEngine(folder, PostgresSettings.network(Ports.free()));
        engine.start();
        try {
            Database database =
                    new TestDatabases(engine.database("postgres").adminUrl()).template("bench", TestNode::migrate);
            try (TestNode node = new TestNode(database, Views.class)) {
                new AppendBench(database, node, seconds * 1_000, inFlight).run();
            }
        } finally {
            engine.stop();
        }
    }

    private void run() throws Exception {
        for (int i = 0; i < ACCOUNTS; i++) {
            wallets.add(Samples.wallet());
        }
        for (int i = 0; i < WARM_UP_ORDERS; i += inFlight) {
            burst(inFlight, this::update);
        }
        double one = floor(1);
        double many = floor(FLOOR_CLIENTS);
        System.out.printf("floor: INSERT + commit, 1 client        %,9.0f /s%n", one);
        System.out.printf("floor: INSERT + commit, %d clients      %,9.0f /s%n", FLOOR_CLIENTS, many);
        measure("update of a cached stream, 1 event", this::update, many);
        measure("hold and submit, 3 events, 1 new stream", this::submit, many);
        double after = floor(FLOOR_CLIENTS);
        System.out.printf("floor again: INSERT + commit, %d clients %,8.0f /s%n", FLOOR_CLIENTS, after);
        single();
    }

    private Order update(int number) {
        int account = number % ACCOUNTS;
        return Order.inside("bench", null, Samples.deposit(wallets.get(account), ++deposits[account], 1_000_000));
    }

    private Order submit(int number) {
        Wallet client = wallets.get(number % ACCOUNTS);
        JobId job = Samples.job();
        return Order.inside("bench", null, List.of(Samples.hold(client, job, 1), Samples.submit(client, job, 0, 1, 1)));
    }

    private void measure(String name, IntFunction<Order> orders, double floor) {
        GroupCommandBus bus = node.bean(GroupCommandBus.class);
        long commits = bus.commits();
        long cpu =
                ProcessHandle.current().info().totalCpuDuration().orElseThrow().toNanos();
        long start = System.nanoTime();
        long sent = 0;
        long events = 0;
        Deque<CompletableFuture<Outcome>> open = new ArrayDeque<>();
        while (System.nanoTime() - start < millis * 1_000_000) {
            while (open.size() < inFlight) {
                open.add(node.commands().send(orders.apply((int) sent++)));
            }
            events += open.remove().join().events();
        }
        while (!open.isEmpty()) {
            events += open.remove().join().events();
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        long used =
                ProcessHandle.current().info().totalCpuDuration().orElseThrow().toNanos() - cpu;
        System.out.printf(
                "%-40s %,9.0f orders/s  %,9.0f events/s = %.2f x floor  %.3f commits an order  %.0f us CPU an order%n",
                name,
                sent / seconds,
                events / seconds,
                events / seconds / floor,
                (bus.commits() - commits) / (double) sent,
                used / 1e3 / sent);
    }

    private void burst(int count, IntFunction<Order> orders) {
        List<CompletableFuture<Outcome>> open = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            open.add(node.commands().send(orders.apply(i)));
        }
        open.forEach(CompletableFuture::join);
    }

    /** One order at a time: its answer, and when a tracking processor has seen it. */
    private void single() throws InterruptedException {
        Views.Latest view = node.bean(Views.Latest.class);
        List<Long> answers = new ArrayList<>();
        List<Long> views = new ArrayList<>();
        view.listening = true;
        for (int i = 0; i < SINGLE_ORDERS; i++) {
            Wallet wallet = Samples.wallet();
            long start = System.nanoTime();
            CompletableFuture<Outcome> answer =
                    node.commands().send(Order.inside("bench", null, Samples.deposit(wallet, 1, 1)));
            while (!view.seen.take().equals(wallet)) {
                Thread.onSpinWait();
            }
            views.add(System.nanoTime() - start);
            answer.join();
            start = System.nanoTime();
            node.commands()
                    .send(Order.inside("bench", null, Samples.deposit(wallet, 1, 1)))
                    .join();
            answers.add(System.nanoTime() - start);
        }
        view.listening = false;
        print("order -> tracking processor, idle", views);
        print("repeat of an order -> answer, idle", answers);
    }

    private static void print(String name, List<Long> nanos) {
        Collections.sort(nanos);
        System.out.printf(
                "%-40s p50 %,6d us  p99 %,6d us%n",
                name, nanos.get(nanos.size() / 2) / 1_000, nanos.get(nanos.size() * 99 / 100) / 1_000);
    }

    /** Rows of an event's size, each committed by itself. */
    private double floor(int clients) throws Exception {
        try (Connection owner = DriverManager.getConnection(database.ownerUrl())) {
            owner.createStatement()
                    .execute(
                            "CREATE TABLE IF NOT EXISTS public.floor (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,"
                                    + " payload bytea NOT NULL)");
        }
        List<Callable<Long>> work = Collections.nCopies(clients, this::insertAndCommit);
        try (ExecutorService pool = Executors.newFixedThreadPool(clients)) {
            long start = System.nanoTime();
            long rows = 0;
            for (Future<Long> done : pool.invokeAll(work)) {
                rows += done.get();
            }
            return rows / ((System.nanoTime() - start) / 1e9);
        }
    }

    private long insertAndCommit() throws SQLException {
        try (Connection connection = DriverManager.getConnection(database.ownerUrl());
                PreparedStatement insert =
                        connection.prepareStatement("INSERT INTO public.floor (payload) VALUES (?)")) {
            long end = System.nanoTime() + millis * 1_000_000;
            long rows = 0;
            while (System.nanoTime() < end) {
                insert.setBytes(1, new byte[EVENT_BYTES]);
                insert.executeUpdate();
                rows++;
            }
            return rows;
        }
    }

    /** A tracking processor that keeps up with the load, as a view does. */
    @Configuration(proxyBeanMethods = false)
    static class Views {
        /** Hands each deposit's wallet to who waits for it. */
        static final class Latest {
            final SynchronousQueue<Wallet> seen = new SynchronousQueue<>();
            volatile boolean listening;

            @EventHandler
            void on(AccountEvent event) throws InterruptedException {
                if (listening) {
                    seen.put(event.wallet());
                }
            }
        }

        @Bean
        Latest latest() {
            return new Latest();
        }

        @Bean
        ConfigurerModule view(Latest latest) {
            return configurer -> {
                configurer.registerEventHandler(c -> latest);
                configurer
                        .eventProcessing()
                        .byDefaultAssignTo("view-bench")
                        .registerTrackingEventProcessor(
                                "view-bench",
                                c -> c.eventStore(),
                                c -> TrackingEventProcessorConfiguration.forSingleThreadedProcessing()
                                        .andBatchSize(500));
            };
        }
    }
}
