package io.athanor.saga;

import io.athanor.domain.port.Commands;
import io.athanor.domain.port.CommittedEvents;
import io.athanor.domain.port.EventSource;
import io.athanor.domain.port.Schema;
import io.athanor.saga.attestation.CapacityRouter;
import io.athanor.saga.attestation.CheckerRouter;
import io.athanor.saga.attestation.Eligibility;
import io.athanor.saga.attestation.InspectionRouter;
import io.athanor.saga.attestation.RoundOpener;
import io.athanor.saga.attestation.RoundRouter;
import io.athanor.saga.attestation.Waiting;
import io.athanor.saga.economy.GovernanceQueries;
import io.athanor.saga.economy.GovernanceRouter;
import io.athanor.saga.economy.PoolQueries;
import io.athanor.saga.economy.PoolRouter;
import io.athanor.saga.economy.UpgradeRouter;
import io.athanor.saga.fleet.FleetIndex;
import io.athanor.saga.fleet.FleetQueries;
import io.athanor.saga.fleet.MachineRouter;
import io.athanor.saga.fleet.WrittenFleet;
import io.athanor.saga.live.LiveSet;
import io.athanor.saga.live.WrittenSet;
import io.athanor.saga.penalty.CaseRouter;
import io.athanor.saga.penalty.OutageRouter;
import io.athanor.saga.placement.PlacementRouter;
import io.athanor.saga.placement.TaskRouter;
import io.athanor.saga.routing.Conductor;
import io.athanor.saga.routing.ConductorThread;
import io.athanor.saga.routing.Instance.Kind;
import io.athanor.saga.routing.ParkedWork;
import io.athanor.saga.routing.Router;
import io.athanor.saga.settlement.Books.BookStore;
import io.athanor.saga.settlement.ParametersRouter;
import io.athanor.saga.settlement.SettlementRouter;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.axonframework.config.ConfigurerModule;
import org.jdbi.v3.core.Jdbi;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;

/** The processes of the network: live set, fleet index, routers and their thread. */
@Configuration(proxyBeanMethods = false)
public class SagasConfiguration {
    @Bean
    public Schema sagaSchema() {
        return Schema.readWrite("saga", "classpath:db/saga");
    }

    /** Joins the transaction of the caller, so that live rows are written with the processor's token. */
    @Bean
    public SagaStore sagaTables(DataSource dataSource) {
        return new SagaStore(Jdbi.create(new TransactionAwareDataSourceProxy(dataSource)));
    }

    @Bean
    public LiveSet liveSet(SagaStore store) {
        LiveSet live = new LiveSet(store);
        live.load();
        return live;
    }

    @Bean
    LiveFeed liveFeed(LiveSet live) {
        return new LiveFeed(live);
    }

    /** Also the port {@code Contact}. */
    @Bean
    public FleetIndex fleetIndex(LiveSet live, InstantSource clock) {
        return new FleetIndex(live, clock.instant());
    }

    @Bean
    public Waiting attestationWaiting() {
        return new Waiting();
    }

    @Bean
    WrittenSet writtenSet(LiveSet live, SagaStore store, EventSource events) {
        return new WrittenSet(live, store, events::head);
    }

    @Bean
    public ConfigurerModule fleetQueries(WrittenSet sets, FleetIndex fleet, InstantSource clock) {
        FleetQueries queries = new FleetQueries(new WrittenFleet(sets, fleet, clock));
        return configurer -> configurer.registerQueryHandler(configuration -> queries);
    }

    @Bean
    public ConfigurerModule poolQueries(WrittenSet sets, InstantSource clock) {
        PoolQueries queries = new PoolQueries(sets, clock);
        return configurer -> configurer.registerQueryHandler(configuration -> queries);
    }

    @Bean
    public ConfigurerModule governanceQueries(WrittenSet sets, InstantSource clock) {
        GovernanceQueries queries = new GovernanceQueries(sets, clock);
        return configurer -> configurer.registerQueryHandler(configuration -> queries);
    }

    @Bean
    public ParkedWork parkedWork(SagaStore store) {
        return new ParkedWork(store);
    }

    @Bean
    public ConductorThread sagaRouters(
            LiveSet live,
            FleetIndex fleet,
            SagaStore store,
            Waiting waiting,
            ParkedWork parked,
            Commands commands,
            LiveFeed feed,
            CommittedEvents committed,
            EventSource events,
            InstantSource clock) {
        Conductor conductor = new Conductor(live, commands, clock, routers(live, fleet, store, waiting), parked);
        return new ConductorThread(
                conductor, live, committed, events, clock, parked, fleet::restartClocks, feed::holds);
    }

    /** Who looks at what, in order: the first that sends something ends the look. */
    public static Map<Kind, List<Router>> routers(LiveSet live, FleetIndex fleet, BookStore books, Waiting waiting) {
        return Map.of(
                Kind.TASK, List.of(new TaskRouter(live, fleet)),
                Kind.MACHINE, List.of(new MachineRouter(live, fleet), new OutageRouter(live)),
                Kind.PLACEMENT, List.of(new PlacementRouter(live, fleet)),
                Kind.ROUND, List.of(new RoundRouter(live)),
                // Deliveries are opened before books are made: books wait for the rounds that are there.
                Kind.EPOCH,
                        List.of(
                                new ParametersRouter(live),
                                new UpgradeRouter(live),
                                new RoundOpener(live, waiting),
                                new SettlementRouter(live, books)),
                Kind.INSPECTIONS, List.of(new InspectionRouter(live, waiting), new CapacityRouter(live, waiting)),
                Kind.CASE, List.of(new CaseRouter(live, waiting)),
                Kind.CHECKER, List.of(new CheckerRouter(live, new Eligibility(live))),
                Kind.POOL, List.of(new PoolRouter(live)),
                Kind.PROPOSAL, List.of(new GovernanceRouter(live)));
    }
}
