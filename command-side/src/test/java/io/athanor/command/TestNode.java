package io.athanor.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.zaxxer.hikari.HikariDataSource;
import io.athanor.domain.common.Command;
import io.athanor.domain.common.Reason;
import io.athanor.domain.common.Refused;
import io.athanor.domain.port.Commands;
import io.athanor.domain.port.Commands.Order;
import io.athanor.domain.port.Commands.Outcome;
import io.athanor.domain.port.CommittedEvents;
import io.athanor.domain.port.EventSource;
import io.athanor.domain.port.Schema;
import io.athanor.local.TestEngines;
import io.athanor.local.engine.Database;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletionException;
import java.util.function.UnaryOperator;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;

/** A node with the command side alone, as the role {@code athanor_app}. Several on one database are several nodes. */
public final class TestNode implements AutoCloseable {
    private static final int POOL = 8;

    private final HikariDataSource pool;
    private final AnnotationConfigApplicationContext context;

    /** @param wrap stands between the command side and its database, to make faults */
    public TestNode(Database database, UnaryOperator<DataSource> wrap, Class<?>... more) {
        pool = new HikariDataSource();
        pool.setJdbcUrl(database.appUrl());
        pool.setMaximumPoolSize(POOL);
        DataSource used = wrap.apply(pool);
        context = new AnnotationConfigApplicationContext();
        context.registerBean(DataSource.class, () -> used);
        context.registerBean(PlatformTransactionManager.class, () -> new JdbcTransactionManager(used));
        context.register(CommandSideConfiguration.class);
        if (more.length > 0) {
            context.register(more);
        }
        context.refresh();
    }

    public TestNode(Database database, Class<?>... more) {
        this(database, UnaryOperator.identity(), more);
    }

    /** A migrated database of the caller's own. */
    public static Database freshDatabase() {
        return TestEngines.freshDatabase("command", TestEngines.template("command-side", TestNode::migrate));
    }

    public static void migrate(Database database) {
        DataSource owner = new DriverManagerDataSource(database.ownerUrl());
        CommandSideConfiguration configuration = new CommandSideConfiguration();
        for (Schema schema : List.of(configuration.axonSchema(), configuration.commandSchema())) {
            Flyway.configure()
                    .dataSource(owner)
                    .schemas(schema.name())
                    .table("schema_history")
                    .locations(schema.location())
                    .load()
                    .migrate();
            new JdbcTemplate(owner).execute(schema.grants());
        }
    }

    public <T> T bean(Class<T> type) {
        return context.getBean(type);
    }

    public Commands commands() {
        return bean(Commands.class);
    }

    public EventSource events() {
        return bean(EventSource.class);
    }

    public CommittedEvents committed() {
        return bean(CommittedEvents.class);
    }

    public JdbcTemplate sql() {
        return new JdbcTemplate(pool);
    }

    /** Sends an order from inside and waits for its answer. */
    public Outcome send(Command... commands) {
        return commands().send(Order.inside("test", null, List.of(commands))).join();
    }

    /** Sends an order from inside that must be refused for this reason, and gives what was said. */
    public String refuses(Reason reason, Command... commands) {
        return refused(reason, Order.inside("test", null, List.of(commands)));
    }

    /** As {@link #refuses}, for any order. */
    public String refused(Reason reason, Order order) {
        Throwable cause = catchThrowableOfType(
                        CompletionException.class, () -> commands().send(order).join())
                .getCause();
        assertThat(cause).isInstanceOf(Refused.class);
        Refused refused = Refused.class.cast(Objects.requireNonNull(cause));
        assertThat(refused.reason()).as(refused.detail()).isEqualTo(reason);
        return refused.detail();
    }

    @Override
    public void close() {
        context.close();
        pool.close();
    }
}
