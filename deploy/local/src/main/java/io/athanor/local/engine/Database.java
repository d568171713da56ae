package io.athanor.local.engine;

/**
 * A database and the ways into it; the URLs carry user and password, so that they are secrets.
 *
 * @param name its name
 * @param adminUrl JDBC URL of a superuser or of the server's given user
 * @param ownerUrl JDBC URL of the role that migrates and owns the schemas
 * @param appUrl JDBC URL of the role that the services run as
 */
public record Database(String name, String adminUrl, String ownerUrl, String appUrl) {

    @Override
    public String toString() {
        return name;
    }
}
