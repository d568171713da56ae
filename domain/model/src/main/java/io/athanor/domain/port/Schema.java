package io.athanor.domain.port;

/**
 * A module's own database schema and where its migrations lie on the class path. The node migrates all of them, as
 * the owner role, before anything else starts; the service's role gets what {@code grants} says.
 *
 * @param grants SQL run after the migration, giving the role {@code athanor_app} what it needs and no more
 */
public record Schema(String name, String location, String grants) {
    /** A schema whose tables the service may read and write freely. */
    public static Schema readWrite(String name, String location) {
        return new Schema(
                name,
                location,
                "GRANT USAGE ON SCHEMA " + name + " TO athanor_app;"
                        + "GRANT SELECT, INSERT, UPDATE, DELETE, TRUNCATE ON ALL TABLES IN SCHEMA " + name
                        + " TO athanor_app;"
                        + "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA " + name + " TO athanor_app;");
    }
}
