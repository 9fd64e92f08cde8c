package dev.reseat.api.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reseat.api.store.DatabaseUrl;
import dev.reseat.testing.CloudFixture;
import dev.reseat.testing.EmbeddedDatabase;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an item of a job costs the database, as the server itself counts it. docs/architecture.md says it. */
@Tag("database")
class JobCostIT {
    private static final int ITEMS = 200;
    private static final double MOST = 20;
    /** Counted in transactions too, and not asked for by us. */
    private static final String OURS = "query !~* '^(BEGIN|COMMIT|ROLLBACK|SET |SHOW |CREATE |SELECT pg_stat)'"
            + " AND query !~ 'pg_stat_statements'";

    /** Planned and repaired, driver and report included. */
    @Test
    void anItemOfAResetTakesSoManyStatements(@TempDir Path directory) throws IOException {
        try (EmbeddedPostgres server = EmbeddedPostgres.builder()
                .setServerConfig("shared_preload_libraries", "pg_stat_statements")
                .setServerConfig("listen_addresses", "127.0.0.1")
                .setServerConfig("fsync", "off")
                .start()) {
            var url = DatabaseUrl.parse("postgresql://postgres@127.0.0.1:" + server.getPort() + "/postgres");
            try (var node = new JobCloud(
                    CloudFixture.open(EmbeddedDatabase.on(url)), "job_interval = 5\nreconcile_interval = 5")) {
                List<String> ids = new ArrayList<>();
                for (int i = 0; i < ITEMS; i++) {
                    ids.add(node.orphan());
                }
                Path file = Files.write(directory.resolve("ids"), ids);
                node.cloud.execute(node.cloud.cinder(), "CREATE EXTENSION pg_stat_statements");
                node.cloud.execute(node.cloud.cinder(), "SELECT pg_stat_statements_reset()");

                String job = node.cli.create(
                        "--select", "ids=@" + file, "--reset-state", "available", "--apply", "--per-host", "0",
                        "--per-backend", "0", "--canary", "0", "--wave", "0");
                node.cli.run(0, "job", "watch", job, "--for", "120");

                assertThat(node.cli.states(job)).isEqualTo(Map.of("done", (long) ITEMS));
                double each = node.cloud.rows(
                        node.cloud.cinder(), "SELECT sum(calls) AS n FROM pg_stat_statements WHERE " + OURS)
                        .stream()
                        .mapToDouble(row -> ((BigDecimal) row.get("n")).doubleValue() / ITEMS)
                        .sum();
                assertThat(each).as(() -> dearest(node)).isLessThan(MOST);
            }
        }
    }

    private static String dearest(JobCloud node) {
        return node.cloud.rows(
                node.cloud.cinder(), "SELECT calls, left(regexp_replace(query, '\\s+', ' ', 'g'), 150) AS query"
                        + " FROM pg_stat_statements WHERE " + OURS + " ORDER BY calls DESC LIMIT 60")
                .stream()
                .map(row -> String.format("%.2f ", ((Number) row.get("calls")).doubleValue() / ITEMS)
                        + row.get("query"))
                .collect(Collectors.joining("\n"));
    }
}
