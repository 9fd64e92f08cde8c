package dev.reseat.systemtest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jdbi.v3.core.Jdbi;

/** The operators' page on installing: the rights at databases and broker that it gives, in the words it shows. */
final class InstallPage {
    /** Of the databases. */
    static final String ACCOUNT = "reseat";
    /** Of every account. */
    static final String PASSWORD = "SECRET";
    private static final Path PAGE =
            Path.of(System.getProperty("basedir", ""), "..", "..", "docs", "operators", "install.md");
    private static final Pattern SQL = Pattern.compile("(?s)```sql\\n(.*?)```");
    private static final Pattern PERMISSIONS =
            Pattern.compile("    volume=.*\\n    rabbitmqctl set_permissions (.*\\\\\\n)*.*");

    private final String text;
    private final List<String> sql;

    private InstallPage(String text) {
        this.text = text;
        this.sql = SQL.matcher(text).results().map(block -> block.group(1)).toList();
        assertThat(sql).hasSize(8);
    }

    static InstallPage read() throws IOException {
        return new InstallPage(Files.readString(PAGE.toAbsolutePath()));
    }

    String text() {
        return text;
    }

    /** The account, and its rights in Cinder's database on PostgreSQL. */
    List<String> onPostgresqlForCinder() {
        return statements(sql.get(0), sql.get(1));
    }

    List<String> onPostgresqlForNova() {
        return statements(sql.get(3));
    }

    /** All rights, those of an api-node with a volume-manager in place of cinder-volume included. */
    void grant(OpenStackDatabases databases) {
        switch (databases.url("cinder").dialect()) {
            case POSTGRESQL -> {
                run(databases.sql("cinder"), onPostgresqlForCinder());
                run(databases.sql("cinder"), statements(sql.get(2)));
                run(databases.sql("nova"), onPostgresqlForNova());
            }
            case MARIADB -> run(databases.sql("cinder"), statements(sql.get(4), sql.get(5)));
        }
    }

    private static void run(Jdbi database, List<String> statements) {
        database.useHandle(handle -> statements.forEach(handle::execute));
    }

    private static List<String> statements(String... blocks) {
        return Stream.of(blocks)
                .flatMap(block -> Stream.of(block.split(";", -1)))
                .filter(statement -> !statement.isBlank())
                .toList();
    }

    /** The words for {@code rabbitmqctl} that let a volume-manager be a cinder-volume, as a shell reads them. */
    List<String> permissionsInPlaceOfCinderVolume() {
        Matcher commands = PERMISSIONS.matcher(text);
        assertThat(commands.find()).isTrue();
        Program words = Program.run("sh", "-c", "rabbitmqctl() { printf '%s\\n' \"$@\"; }\n" + commands.group());
        words.assertSucceeded();
        return List.of(words.out().strip().split("\n", -1));
    }
}
