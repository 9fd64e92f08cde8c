package dev.reseat.testing;

import dev.reseat.api.store.DatabaseUrl;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.UUID;

/**
 * Databases {@code cinder} and {@code nova} with all tables on a PostgreSQL server of this JVM: copied from a template
 * or, which is many times faster, used again. Before that they get back the template's rows, and other names: who was
 * left behind by the test before does not find them. A pair of which more than rows was changed is dropped.
 */
final class PostgresPair {
    private static final Deque<PostgresPair> FREE = new ArrayDeque<>();

    /** All that a test may change beside rows. */
    private static final String SCHEMA = """
            SELECT md5(string_agg(one, E'\\n' ORDER BY one)) FROM (
                SELECT concat_ws(' ', oid::regclass, relkind, relacl, relrowsecurity, reloptions) FROM pg_class
                    WHERE relnamespace::regnamespace::text !~ '^pg_'
                UNION ALL SELECT concat_ws(' ', attrelid::regclass, attname, atttypid::regtype, atttypmod, attnotnull,
                        attacl) FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
                    WHERE relnamespace::regnamespace::text !~ '^pg_' AND attnum > 0
                UNION ALL SELECT concat_ws(' ', adrelid::regclass, pg_get_expr(adbin, adrelid)) FROM pg_attrdef
                UNION ALL SELECT concat_ws(' ', tgrelid::regclass, tgname, tgenabled) FROM pg_trigger
                    WHERE NOT tgisinternal
                UNION ALL SELECT concat_ws(' ', conrelid::regclass, conname, convalidated) FROM pg_constraint
                UNION ALL SELECT concat_ws(' ', ev_class::regclass, rulename) FROM pg_rewrite
                UNION ALL SELECT concat_ws(' ', oid::regprocedure, prosrc, proacl) FROM pg_proc
                    WHERE pronamespace::regnamespace::text !~ '^pg_'
                UNION ALL SELECT concat_ws(' ', nspname, nspacl) FROM pg_namespace WHERE nspname !~ '^pg_t'
                UNION ALL SELECT concat_ws(' ', setrole::regrole, setconfig) FROM pg_db_role_setting
                    WHERE setdatabase = (SELECT oid FROM pg_database WHERE datname = current_database())
                UNION ALL SELECT concat_ws(' ', datacl, datconnlimit) FROM pg_database
                    WHERE datname = current_database()
            ) AS all_of_it(one)""";

    private static final String TABLES = """
            SELECT oid::regclass::text FROM pg_class
                WHERE relkind = 'r' AND relnamespace::regnamespace::text !~ '^(pg_|information_schema)'""";
    private static final String SEQUENCES = """
            SELECT format('SELECT setval(%L, %s, %L);', format('%I.%I', schemaname, sequencename),
                coalesce(last_value, start_value), last_value IS NOT NULL) FROM pg_sequences""";

    private final DatabaseUrl server;
    private final Template template;
    private String suffix = newSuffix();

    /** Of both databases; nobody may be connected to them. */
    record Template(Content cinder, Content nova) {
        static Template of(DatabaseUrl cinder, DatabaseUrl nova) {
            return new Template(Content.of(cinder), Content.of(nova));
        }
    }

    /**
     * What a database holds when it is new.
     *
     * @param schema a digest of what is not rows
     * @param rows statements that bring back these, and no others
     */
    private record Content(String database, String schema, String rows) {
        static Content of(DatabaseUrl url) {
            try (Connection connection = url.dataSource().getConnection();
                    Statement statement = connection.createStatement()) {
                StringBuilder rows = new StringBuilder("SET session_replication_role = replica;\n");
                for (String table : values(statement, TABLES)) {
                    rows.append("DELETE FROM ").append(table).append(";\n");
                    values(statement, "SELECT format('INSERT INTO %1$s OVERRIDING SYSTEM VALUE SELECT * FROM"
                            + " json_populate_recordset(NULL::%1$s, %2$L);', '" + table + "', json_agg(t)) FROM "
                            + table + " AS t HAVING count(*) > 0").forEach(rows::append);
                }
                values(statement, SEQUENCES).forEach(rows::append);
                return new Content(url.database(), values(statement, SCHEMA).getFirst(), rows.toString());
            } catch (SQLException failure) {
                throw new IllegalStateException(failure);
            }
        }

        /** Whether the database is as new now. */
        boolean restore(DatabaseUrl url) {
            try (Connection connection = url.dataSource().getConnection();
                    Statement statement = connection.createStatement()) {
                boolean same = values(statement, SCHEMA).getFirst().equals(schema);
                if (same) {
                    statement.execute(rows);
                }
                return same;
            } catch (SQLException failure) {
                throw new IllegalStateException(failure);
            }
        }
    }

    private PostgresPair(DatabaseUrl server, Template template) {
        this.server = server;
        this.template = template;
    }

    /** All of a JVM come from one template. */
    static PostgresPair take(DatabaseUrl server, Template template) {
        synchronized (FREE) {
            if (!FREE.isEmpty()) {
                return FREE.pop();
            }
        }
        PostgresPair pair = new PostgresPair(server, template);
        EmbeddedDatabase.copy(template.cinder().database(), pair.url("cinder").database());
        EmbeddedDatabase.copy(template.nova().database(), pair.url("nova").database());
        return pair;
    }

    private static String newSuffix() {
        return UUID.randomUUID().toString().substring(0, 8);
    }

    DatabaseUrl url(String name) {
        return server.withDatabase(name + "_" + suffix);
    }

    /** Nobody finds them any more, whoever is connected to them. */
    void release() {
        String next = newSuffix();
        try (Connection connection = server.dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            for (String name : new String[]{"cinder_", "nova_"}) {
                rename(statement, name + suffix, name + next);
            }
        } catch (SQLException failure) {
            throw new IllegalStateException(failure);
        }
        suffix = next;
        if (template.cinder().restore(url("cinder")) && template.nova().restore(url("nova"))) {
            synchronized (FREE) {
                FREE.push(this);
            }
        } else {
            EmbeddedDatabase.drop(server, url("cinder"), url("nova"));
        }
    }

    private static void rename(Statement statement, String from, String to) throws SQLException {
        statement.execute("ALTER DATABASE " + from + " ALLOW_CONNECTIONS false");
        statement.execute(
                "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = '" + from + "'");
        statement.execute("ALTER DATABASE " + from + " RENAME TO " + to);
        statement.execute("ALTER DATABASE " + to + " ALLOW_CONNECTIONS true");
    }

    private static List<String> values(Statement statement, String sql) throws SQLException {
        List<String> values = new ArrayList<>();
        try (ResultSet result = statement.executeQuery(sql)) {
            while (result.next()) {
                values.add(result.getString(1));
            }
        }
        return values;
    }
}
