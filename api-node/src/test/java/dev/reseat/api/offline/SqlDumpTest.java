package dev.reseat.api.offline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What pg_dump, mysqldump and spreadsheets write. */
class SqlDumpTest {
    @TempDir Path folder;

    @Test
    void copyBlocksOfPgDump() throws IOException {
        assertThat(read("""
                CREATE TABLE public.volumes (
                    id character varying(36) NOT NULL
                );
                COPY public.users (id, password) FROM stdin;
                1\tsecret
                \\.
                COPY public.volumes (id, status, "_name_id", connector) FROM stdin;
                v-1\tin-use\t\\N\t{"a": "b\\\\c"}
                v-2\ttwo\\nlines\\tand a tab\t\\N\t
                \\.

                SELECT 1;
                """, "volumes")).isEqualTo(Map.of("volumes", List.of(
                Map.of("id", "v-1", "status", "in-use", "connector", "{\"a\": \"b\\c\"}"),
                Map.of("id", "v-2", "status", "two\nlines\tand a tab", "connector", ""))));
    }

    @Test
    void insertsOfPgDump() throws IOException {
        assertThat(read("""
                INSERT INTO public.volumes (id, status, deleted) VALUES ('v-1', 'it''s
                two lines, (really)', false);
                INSERT INTO public.volumes (id, status, deleted) VALUES ('v-2', NULL, true), ('v\\3', E'a\\nb', false);
                """, "volumes").get("volumes")).containsExactly(
                Map.of("id", "v-1", "status", "it's\ntwo lines, (really)", "deleted", "false"),
                Map.of("id", "v-2", "deleted", "true"),
                Map.of("id", "v\\3", "status", "a\nb", "deleted", "false"));
    }

    @Test
    void insertsOfMysqldumpNameNoColumns() throws IOException {
        assertThat(read("""
                CREATE TABLE `services` (
                  `id` int(11) NOT NULL AUTO_INCREMENT,
                  `binary` varchar(255) DEFAULT NULL,
                  `info` text,
                  PRIMARY KEY (`id`),
                  KEY `x` (`binary`)
                ) ENGINE=InnoDB;
                -- Dumping data for table `services`
                INSERT INTO `services` VALUES (1,'cinder-volume','a\\'b\\\\c;(,)'),(2,NULL,_binary 'x\\ny');
                INSERT INTO `other` VALUES (1);
                """, "services").get("services")).containsExactly(
                Map.of("id", "1", "binary", "cinder-volume", "info", "a'b\\c;(,)"),
                Map.of("id", "2", "info", "x\ny"));
    }

    @Test
    void aTableWithoutRowsIsThereAndOneWithoutDataIsNot() throws IOException {
        assertThat(read("-- Dumping data for table `volumes`\n", "volumes")).containsOnlyKeys("volumes");
        assertThat(read("-- Data for Name: volumes; Type: TABLE DATA; Schema: public\n", "volumes"))
                .containsOnlyKeys("volumes");

        Files.writeString(folder.resolve("nova.sql"), "CREATE TABLE `instances` (\n  `uuid` int\n);\n");
        assertThatThrownBy(() -> Dump.read(folder, "nova", Set.of("instances")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("there are no rows of nova's instances");
    }

    @Test
    void whatIsCutOffOrCrookedIsRefusedWithoutItsValues() {
        assertThatThrownBy(() -> read("INSERT INTO volumes (id, status) VALUES ('secret', 'x", "volumes"))
                .hasMessageContaining("the dump ends within a statement")
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("secret"));
        assertThatThrownBy(() -> read("INSERT INTO volumes (id, status) VALUES ('secret');", "volumes"))
                .hasMessageContaining("has 1 columns, not 2")
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("secret"));
        assertThatThrownBy(() -> read("COPY volumes (id, status) FROM stdin;\nsecret\n\\.\n", "volumes"))
                .hasMessageContaining("has 1 columns, not 2");
        assertThatThrownBy(() -> read("INSERT INTO volumes VALUES ('x');", "volumes"))
                .hasMessageContaining("no columns");
    }

    @Test
    void aTableOfSeparatedValuesComesBackAsItWas() throws IOException {
        List<Map<String, String>> rows = List.of(
                Map.of("a", "plain", "b", "with \"quotes\", commas\r\nand lines"), Map.of("a", "alone"));
        Path file = folder.resolve("t.csv");
        Files.writeString(file, CsvTable.text(new LinkedHashSet<>(List.of("a", "b")), rows));

        assertThat(CsvTable.read(file)).isEqualTo(rows);
    }

    private Map<String, List<Map<String, String>>> read(String text, String... tables) throws IOException {
        return SqlDump.read(Files.writeString(folder.resolve("dump.sql"), text), Set.of(tables));
    }
}
