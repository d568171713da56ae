package io.athanor.local.engine;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Composes PostgreSQL JDBC URLs; passwords here are hexadecimal, so nothing needs escaping. */
final class JdbcUrls {

    private static final Pattern PASSWORD = Pattern.compile("[?&]password=([^&]*)");

    private JdbcUrls() {}

    static String of(int port, String database, String user, String password) {
        return "jdbc:postgresql://127.0.0.1:%d/%s?user=%s&password=%s".formatted(port, database, user, password);
    }

    /** The same server and user, another database. */
    static String withDatabase(String url, String database) {
        int query = url.indexOf('?');
        String parameters = query < 0 ? "" : url.substring(query);
        String address = query < 0 ? url : url.substring(0, query);
        return address.substring(0, address.lastIndexOf('/') + 1) + database + parameters;
    }

    /** The password in the URL's parameters; empty where it has none. */
    static String passwordOf(String url) {
        Matcher parameter = PASSWORD.matcher(url);
        return parameter.find() ? parameter.group(1) : "";
    }

    /** The same server and database, another user. */
    static String withUser(String url, String user, String password) {
        int query = url.indexOf('?');
        String address = query < 0 ? url : url.substring(0, query);
        return address + "?user=" + user + "&password=" + password;
    }
}
