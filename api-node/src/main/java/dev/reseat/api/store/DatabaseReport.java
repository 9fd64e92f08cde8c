package dev.reseat.api.store;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * What was found out about one database.
 *
 * @param name such as {@code cinder}
 * @param server and database, without the login
 * @param facts what it is
 * @param problems what keeps an api-node from working with it, each with what to do; empty if nothing does
 */
public record DatabaseReport(String name, String server, List<String> facts, List<String> problems) {
    public DatabaseReport {
        requireNonNull(name, "name is null");
        requireNonNull(server, "server is null");
        facts = List.copyOf(facts);
        problems = List.copyOf(problems);
    }
}
