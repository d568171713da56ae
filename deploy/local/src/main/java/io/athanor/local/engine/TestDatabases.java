package io.athanor.local.engine;

import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** Databases of one test process on a server that others may share: named after the process, dropped at its end. */
public final class TestDatabases {

    private final String adminUrl;
    private final PostgresRoles roles;
    private final String password;
    private final Map<String, Database> templates = new ConcurrentHashMap<>();
    private final Queue<String> made = new ConcurrentLinkedQueue<>();
    private final AtomicInteger count = new AtomicInteger();

    /** Databases on the server of this superuser's JDBC URL. */
    public TestDatabases(String adminUrl) {
        this.adminUrl = adminUrl;
        this.roles = new PostgresRoles(adminUrl);
        this.password = JdbcUrls.passwordOf(adminUrl);
        roles.ensure(password, password);
    }

    /** An empty database with the network's roles and rights. */
    public Database fresh(String prefix) {
        return copy(prefix, template("empty", database -> roles.ensureDatabase(database.name())));
    }

    /** A copy of a template. */
    public Database copy(String prefix, Database template) {
        Database copy = named(uniqueName(prefix));
        roles.copyDatabase(copy.name(), template.name());
        return copy;
    }

    /** A database that is filled once in this process, to be copied; the filling closes its connections. */
    public Database template(String name, Consumer<Database> fill) {
        return templates.computeIfAbsent(name, key -> {
            Database template = named(uniqueName("template_" + key.replace('-', '_')));
            roles.ensureDatabase(template.name());
            fill.accept(template);
            return template;
        });
    }

    /** Drops all that this process made. */
    public void dropAll() {
        for (String name = made.poll(); name != null; name = made.poll()) {
            roles.dropDatabase(name);
        }
    }

    private String uniqueName(String prefix) {
        String name = prefix + "_" + ProcessHandle.current().pid() + "_" + count.incrementAndGet();
        made.add(name);
        return name;
    }

    private Database named(String name) {
        String admin = JdbcUrls.withDatabase(adminUrl, name);
        return new Database(
                name,
                admin,
                JdbcUrls.withUser(admin, PostgresRoles.OWNER, password),
                JdbcUrls.withUser(admin, PostgresRoles.APP, password));
    }
}
