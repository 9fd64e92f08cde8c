package dev.reseat.api.store;

import static java.util.Objects.requireNonNull;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfo;

/** Looks at the databases as an api-node would use them, and changes nothing. */
public final class DatabaseInspection {
    private static final String OWN_WRITES = "UPDATE reseat.job_gate SET turn = turn WHERE 1 = 0";

    private final DatabaseConfig config;

    public DatabaseInspection(DatabaseConfig config) {
        this.config = requireNonNull(config, "config is null");
    }

    /** Cinder's and Nova's, in this order; with cells the one that names them, which are known only at work. */
    public List<DatabaseReport> run() {
        return List.of(
                report(config.cinder(), OpenstackTables.CINDER, true),
                config.novaApi()
                        .map(api -> report(api, OpenstackTables.NOVA_API, false))
                        .orElseGet(() -> report(config.nova(), OpenstackTables.NOVA, false)));
    }

    private DatabaseReport report(DatabaseUrl url, OpenstackTables tables, boolean own) {
        Look look = new Look(url, tables, new ArrayList<>(), new ArrayList<>());
        try (Connection connection = url.session(config.connectionTimeout()).getConnection();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            look.server(connection, statement);
            look.tables(statement);
            boolean synced = !own || look.schema(config);
            look.rights(connection, statement, own && synced);
            if (own) {
                look.facts().add(inPlace(url, connection, statement));
            }
            connection.rollback();
        } catch (SQLException | FlywayException failure) {
            look.problems().add(StoreException.translate("cannot be worked with", failure).getMessage());
        }
        return new DatabaseReport(tables.service(), url.toString(), look.facts(), look.problems());
    }

    /** Nothing that keeps an api-node from its work: only volume-managers are told that they replace somebody. */
    private static String inPlace(DatabaseUrl url, Connection connection, Statement statement) throws SQLException {
        Look look =
                new Look(url, OpenstackTables.IN_PLACE_OF_CINDER_VOLUME, new ArrayList<>(), new ArrayList<>());
        look.columns(statement);
        if (look.problems().isEmpty()) {
            look.rights(connection, statement, false);
        }
        return "for volume-managers in place of cinder-volume: "
                + (look.problems().isEmpty() ? "all that is needed" : String.join("; ", look.problems()));
    }

    private record Look(DatabaseUrl url, OpenstackTables wanted, List<String> facts, List<String> problems) {
        void server(Connection connection, Statement statement) throws SQLException {
            facts.add(connection.getMetaData().getDatabaseProductName() + " "
                    + connection.getMetaData().getDatabaseProductVersion());
            if (url.dialect() == Dialect.POSTGRESQL) {
                return;
            }
            Map<String, String> variables = new HashMap<>();
            try (ResultSet result = statement.executeQuery(
                    "SHOW VARIABLES WHERE Variable_name IN ('wsrep_on', 'log_bin', 'binlog_format')")) {
                while (result.next()) {
                    variables.put(result.getString(1).toLowerCase(Locale.ROOT), result.getString(2));
                }
            }
            if ("ON".equals(variables.get("wsrep_on"))) {
                facts.add("a node of a Galera cluster");
            }
            if ("ON".equals(variables.get("log_bin")) && "STATEMENT".equals(variables.get("binlog_format"))) {
                problems.add(
                        "binlog_format is STATEMENT, which READ COMMITTED cannot be written with: set MIXED or ROW");
            }
        }

        void tables(Statement statement) throws SQLException {
            if (columns(statement).contains("alembic_version")) {
                revision(statement);
            } else {
                facts.add("tables without Alembic's mark, or no right to see it: not told which release's");
            }
        }

        /** @return names of all tables that are seen */
        private Set<String> columns(Statement statement) throws SQLException {
            Map<String, Set<String>> there = new HashMap<>();
            try (ResultSet result = statement.executeQuery(
                    "SELECT table_name, column_name FROM information_schema.columns WHERE "
                            + Migrations.current(url.dialect()))) {
                while (result.next()) {
                    there.computeIfAbsent(result.getString(1), name -> new HashSet<>())
                            .add(result.getString(2).toLowerCase(Locale.ROOT));
                }
            }
            new TreeMap<>(wanted.columns()).forEach((table, columns) -> {
                Set<String> had = there.getOrDefault(table, Set.of());
                if (had.isEmpty()) {
                    problems.add("no table " + table + ", or no right to see it");
                } else if (!had.containsAll(columns)) {
                    problems.add("table " + table + " lacks "
                            + columns.stream().filter(column -> !had.contains(column)).toList());
                }
            });
            return there.keySet();
        }

        private void revision(Statement statement) throws SQLException {
            try (ResultSet result = statement.executeQuery("SELECT version_num FROM alembic_version")) {
                String revision = result.next() ? result.getString(1) : "none";
                facts.add(wanted.service() + "'s tables, revision " + revision + ": " + wanted.recognised(revision));
            }
        }

        /** @return whether our own tables are there */
        boolean schema(DatabaseConfig config) {
            Flyway own = Migrations.own(url.dataSource(config.connectionTimeout()), url);
            MigrationInfo[] pending = own.info().pending();
            MigrationInfo current = own.info().current();
            facts.add(current == null
                    ? "no schema reseat"
                    : "schema reseat at version " + current.getVersion());
            if (pending.length > 0) {
                problems.add("schema reseat lacks " + pending[0].getScript() + ": run 'reseat db sync'");
            }
            return current != null;
        }

        void rights(Connection connection, Statement statement, boolean own) throws SQLException {
            List<String> trials = new ArrayList<>();
            wanted.names()
                    .forEach(table -> trials.add("SELECT 1 FROM \"" + table + "\" WHERE 1 = 0"));
            trials.addAll(wanted.writes());
            if (own) {
                trials.add(OWN_WRITES);
            }
            for (String trial : trials) {
                try {
                    statement.execute(trial);
                } catch (SQLException refused) {
                    problems.add("cannot " + trial.replaceFirst(" (SELECT \\* |WHERE |SET |\\().*", "") + ": "
                            + refused.getMessage());
                    connection.rollback();
                }
            }
        }
    }
}
