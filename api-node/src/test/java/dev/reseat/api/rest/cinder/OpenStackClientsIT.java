package dev.reseat.api.rest.cinder;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.reseat.api.rest.RestFixture;
import dev.reseat.contract.volume.ResetStatus;
import dev.reseat.testing.CloudFixture;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real clients: {@code cinder} of python-cinderclient and {@code openstack}, where Debian puts them. */
@Tag("database")
@Tag("slow")
class OpenStackClientsIT {
    private static final int LIMIT_SECONDS = 120;

    @TempDir private static Path work;

    private static RestFixture node;
    private static CloudFixture cloud;

    @BeforeAll
    static void open() {
        node = RestFixture.noauth();
        cloud = node.cloud;
    }

    @AfterAll
    static void close() {
        node.close();
    }

    @Test
    void cinderListsVolumesOfAllProjects() throws Exception {
        String own = cloud.volume(Map.of("display_name", "one", "status", "error"));
        String foreign = cloud.volume(Map.of("display_name", "two", "project_id", "other"));

        Run list = cinder("list", "--all-tenants");

        assertThat(list.output()).contains(own, foreign, "error");
        assertThat(list.exit()).isZero();
        assertThat(cinder("list", "--all-tenants", "--status", "error").output()).contains(own).doesNotContain(foreign);
    }

    @Test
    void cinderShowsAVolumeByIdAndByName() throws Exception {
        String volume = cloud.volume(Map.of("display_name", "shown", "status", "in-use"));
        cloud.attachment(volume, "attached");

        assertThat(cinder("show", volume).output()).contains("os-vol-host-attr:host", CloudFixture.HOST, "in-use");
        assertThat(cinder("show", "shown").output()).contains(volume);
        assertThat(cinder("show", "nobodys").output()).contains("No volume with a name or ID of 'nobodys' exists.");
    }

    @Test
    void cinderResetsAState() throws Exception {
        String volume = cloud.volume("error");

        Run reset = cinder("reset-state", "--state", "available", volume);

        assertThat(reset.output()).doesNotContain("ERROR");
        assertThat(reset.exit()).isZero();
        assertThat(status(volume)).isEqualTo("available");
    }

    @Test
    void cinderShowsWhyAResetWasRefused() throws Exception {
        String volume = cloud.volume("error");
        node.reset =
                _ -> new ResetStatus.Result(ResetStatus.Outcome.REFUSED, "scripted", "host-a has it open", List.of());

        Run reset = cinder("reset-state", "--state", "available", volume);
        node.reset = RestFixture.PROVED;

        assertThat(reset.output()).contains("host-a has it open", "HTTP 409");
        assertThat(reset.exit()).isNotZero();
        assertThat(status(volume)).isEqualTo("error");
    }

    @Test
    void cinderListsAndShowsAttachments() throws Exception {
        String volume = cloud.volume("in-use");
        String attachment = cloud.attachment(
                volume, Map.of("connection_info", "{\"driver_volume_type\": \"iscsi\", \"target_lun\": 1}"));

        assertThat(cinder("--os-volume-api-version", "3.70", "attachment-list", "--all-tenants").output())
                .contains(attachment, volume);
        assertThat(cinder("--os-volume-api-version", "3.70", "attachment-show", attachment).output())
                .contains("driver_volume_type", "iscsi");
    }

    @Test
    void openstackListsAndShowsVolumes() throws Exception {
        String volume = cloud.volume(Map.of("display_name", "osc", "status", "error"));

        Run list = openstack("volume", "list", "--all-projects", "-f", "value");
        Run set = openstack("volume", "set", "--state", "available", volume);

        assertThat(list.output()).contains(volume);
        assertThat(list.exit()).isZero();
        assertThat(openstack("volume", "show", volume, "-f", "value", "-c", "name").output()).contains("osc");
        assertThat(set.output()).doesNotContain("rror");
        assertThat(status(volume)).isEqualTo("available");
    }

    private static Run cinder(String... words) throws Exception {
        return run("/usr/bin/cinder", "python3-cinderclient", List.of(
                "--os-auth-type", "noauth",
                "--os-endpoint", "http://127.0.0.1:" + node.server.port() + "/v3",
                "--os-project-id", CloudFixture.PROJECT,
                "--os-user-id", CloudFixture.USER), words);
    }

    private static Run openstack(String... words) throws Exception {
        return run("/usr/bin/openstack", "python3-openstackclient", List.of(
                "--os-auth-type", "admin_token",
                "--os-token", CloudFixture.USER + ":" + CloudFixture.PROJECT,
                "--os-endpoint", "http://127.0.0.1:" + node.server.port() + "/v3",
                "--os-volume-api-version", "3.60"), words);
    }

    private static Run run(String program, String debianPackage, List<String> options, String... words)
            throws Exception {
        require(program, debianPackage);
        Path output = Files.createTempFile(work, "client", ".txt");
        List<String> command = new ArrayList<>(List.of(program));
        Stream.of(options, List.of(words)).forEach(command::addAll);
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        if (!process.waitFor(LIMIT_SECONDS, SECONDS)) {
            process.destroyForcibly();
            fail(String.join(" ", command) + " does not end: " + Files.readString(output));
        }
        return new Run(process.exitValue(), Files.readString(output, StandardCharsets.UTF_8));
    }

    private static void require(String program, String debianPackage) throws IOException {
        if (!Files.isExecutable(Path.of(program))) {
            String sentence = "this test needs " + program + ": install " + debianPackage;
            if ("required".equals(System.getProperty("reseat.peers"))) {
                fail(sentence);
            }
            abort(sentence);
        }
    }

    private static Object status(String volume) {
        return cloud.row(cloud.cinder(), "SELECT status FROM volumes WHERE id = ?", volume).get("status");
    }

    /** What a program printed, and how it ended. */
    private record Run(int exit, String output) {}
}
