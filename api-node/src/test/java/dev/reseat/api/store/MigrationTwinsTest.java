package dev.reseat.api.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A migration of our own tables is one for each kind of database. */
final class MigrationTwinsTest {
    private static final Path MIGRATIONS = Path.of("src", "main", "resources", "db");
    /** MariaDB's first, which makes what PostgreSQL's have made until then. */
    private static final String FIRST = "V005";

    @Test
    void eachMigrationHasItsTwin() throws IOException {
        Set<String> postgresql = names(Dialect.POSTGRESQL);
        Set<String> mariaDb = names(Dialect.MARIADB);

        assertThat(postgresql).isNotEmpty();
        assertThat(mariaDb.stream().filter(name -> name.startsWith(FIRST))).hasSize(1);
        assertThat(after(mariaDb)).isEqualTo(after(postgresql));
    }

    private static Set<String> after(Set<String> names) {
        return names.stream()
                .filter(name -> name.substring(0, FIRST.length()).compareTo(FIRST) > 0)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> names(Dialect dialect) throws IOException {
        Path folder = MIGRATIONS.resolve(dialect.name().toLowerCase(Locale.ROOT)).resolve("reseat");
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).collect(Collectors.toCollection(TreeSet::new));
        }
    }
}
