package io.athanor.query;

import io.athanor.domain.common.Limits;
import io.athanor.domain.port.EventSource;
import io.athanor.domain.port.Schema;
import io.athanor.query.answer.UsageAnswers;
import io.athanor.query.answer.ViewAnswers;
import io.athanor.query.fold.DeadLetters;
import io.athanor.query.fold.JobFeed;
import io.athanor.query.fold.LiveViews;
import io.athanor.query.fold.ViewOperator;
import io.athanor.query.fold.ViewProcessor;
import io.athanor.query.fold.ViewRebuild;
import io.athanor.query.fold.ViewWriter;
import io.athanor.query.store.FileBlobStore;
import io.athanor.query.store.FileLogStore;
import io.athanor.query.store.MachineTelemetry;
import io.athanor.query.store.SampleTable;
import io.athanor.query.store.UsageTable;
import io.athanor.query.view.CaseProjection;
import io.athanor.query.view.EpochProjection;
import io.athanor.query.view.JobProjection;
import io.athanor.query.view.MachineProjection;
import io.athanor.query.view.MoneyProjection;
import io.athanor.query.view.PartyProjection;
import io.athanor.query.view.Projection;
import io.athanor.query.view.RewardProjection;
import io.athanor.query.view.RoundProjection;
import io.athanor.query.view.SessionKeyProjection;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import javax.sql.DataSource;
import org.axonframework.config.ConfigurerModule;
import org.jdbi.v3.core.Jdbi;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/**
 * The read side's beans. Needs {@link DataSource}, the transaction manager behind Axon's, {@link InstantSource} and
 * {@link EventSource} in the context.
 */
@Configuration(proxyBeanMethods = false)
public class QuerySideConfiguration {
    /** The tracking processor of all views. */
    public static final String PROCESSOR = "view-all";

    @Bean
    Schema viewSchema() {
        return Schema.readWrite("view", "classpath:db/view");
    }

    @Bean
    Schema telemetrySchema() {
        return Schema.readWrite("telemetry", "classpath:db/telemetry");
    }

    @Bean
    QuerySettings querySettings(Environment environment) {
        Path data = Path.of(environment.getProperty("athanor.data", ".athanor"));
        QuerySettings defaults = QuerySettings.below(data);
        return new QuerySettings(
                Path.of(environment.getProperty(
                        "athanor.blobs.dir", defaults.blobs().toString())),
                defaults.logs(),
                environment.getProperty("athanor.blobs.quota-bytes", Long.class, defaults.blobQuotaBytes()),
                environment.getProperty("athanor.blobs.reserve-percent", Integer.class, defaults.blobReservePercent()));
    }

    /** All projections, in the order in which a batch is folded. */
    public static List<Projection> projections() {
        return List.of(
                new JobProjection(),
                new MachineProjection(),
                new PartyProjection(),
                new MoneyProjection(),
                new RewardProjection(),
                new SessionKeyProjection(),
                new RoundProjection(),
                new CaseProjection(),
                new EpochProjection());
    }

    @Bean
    ViewWriter viewWriter(InstantSource clock) {
        return new ViewWriter(PROCESSOR, projections(), clock);
    }

    @Bean
    LiveViews liveViews(DataSource dataSource, ViewWriter writer) {
        return new LiveViews(PROCESSOR, new ViewProcessor(dataSource, writer));
    }

    @Bean
    JobFeed jobFeed() {
        return new JobFeed();
    }

    @Bean
    ConfigurerModule viewAnswers(DataSource dataSource) {
        ViewAnswers answers = new ViewAnswers(Jdbi.create(dataSource), PROCESSOR);
        return answers::register;
    }

    @Bean
    DeadLetters deadLetters(DataSource dataSource, ViewWriter writer, EventSource source) {
        return new DeadLetters(Jdbi.create(dataSource), writer, source);
    }

    @Bean
    ViewRebuild viewRebuild(DataSource dataSource, ViewWriter writer, EventSource source, LiveViews live) {
        return new ViewRebuild(dataSource, writer, source, live);
    }

    @Bean
    ViewOperator viewOperator(DeadLetters letters, ViewRebuild rebuild, InstantSource clock) {
        return new ViewOperator(letters, rebuild, clock);
    }

    @Bean
    FileBlobStore blobStore(QuerySettings settings) throws IOException {
        return new FileBlobStore(settings.blobs(), settings.blobQuotaBytes(), settings.blobReservePercent());
    }

    @Bean
    FileLogStore logStore(QuerySettings settings) {
        return new FileLogStore(settings.logs(), Limits.LOG_BYTES);
    }

    @Bean(initMethod = "start", destroyMethod = "close")
    MachineTelemetry telemetry(DataSource dataSource, InstantSource clock) {
        Jdbi jdbi = Jdbi.create(dataSource);
        return new MachineTelemetry(new SampleTable(jdbi), new UsageTable(jdbi), clock);
    }

    @Bean
    ConfigurerModule usageAnswers(MachineTelemetry telemetry) {
        return new UsageAnswers(telemetry)::register;
    }
}
