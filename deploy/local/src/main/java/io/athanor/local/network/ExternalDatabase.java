package io.athanor.local.network;

import io.athanor.local.engine.Database;
import io.athanor.local.engine.Engine;
import io.athanor.local.engine.PostgresRoles;
import io.athanor.local.process.EngineFailure;

/** A PostgreSQL server of the user's own: asked whether it answers, never started or stopped. */
final class ExternalDatabase implements Engine {

    private final Database database;

    ExternalDatabase(Database database) {
        this.database = database;
    }

    Database database() {
        return database;
    }

    @Override
    public String name() {
        return "postgres";
    }

    @Override
    public void start() {
        if (!answers()) {
            throw new EngineFailure(
                    "The PostgreSQL server of ATHANOR_DB_URL does not answer.",
                    "Start it and check address, user and password, or unset ATHANOR_DB_URL to use an embedded one.");
        }
    }

    @Override
    public void stop() {
        // It is not the launcher's to stop.
    }

    @Override
    public boolean lives() {
        return true;
    }

    @Override
    public boolean answers() {
        return new PostgresRoles(database.ownerUrl()).answers();
    }
}
