package dev.reseat.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reseat.api.cli.ReseatCli;
import dev.reseat.rpc.transport.memory.MemoryBroker;
import dev.reseat.standalone.DemoRows.DemoVolume;
import dev.reseat.standalone.DirectView.Seen;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The command {@code reseat} on a real cloud: what it refuses, and that what it refuses changes nothing. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class OperatorIT {
    private WorkDirectory directory;
    private AllInOne cloud;
    private DemoCloud demo;
    private DirectView evidence;

    private record Run(int code, String out, String err) {
        JsonNode json() {
            return JsonMapper.shared().readTree(out);
        }
    }

    @BeforeAll
    void start() throws IOException {
        directory = WorkDirectory.create();
        cloud = AllInOne.start(
                directory, new DemoBroker.Memory(new MemoryBroker()), 0, new FileStorage(directory));
        demo = DemoCloud.make(cloud);
        evidence = new DirectView(cloud, demo);
    }

    @AfterAll
    void stop() throws IOException {
        try {
            cloud.close();
        } finally {
            directory.close();
        }
    }

    @Test
    void aDryRunAsksAndChangesNothing() {
        Seen before = look("ghost");

        Run run = reseat("volume", "reset-state", "ghost", "--state", "available", "--dry-run", "--json");

        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.json().at("/volumes/0/reset/connections/0/host").asString()).isEqualTo("host-b");
        assertThat(run.json().at("/volumes/0/reset/after").isNull()).isTrue();
        assertThat(look("ghost")).isEqualTo(before);
        assertThat(reseat("journal", "show", demo.volumes().get("ghost").id()).err()).contains("nothing is recorded");
    }

    @Test
    void whatIsHeldIsRefusedWithTheNextCommand() {
        Seen before = look("held");

        Run run = reseat("volume", "reset-state", "held", "--state", "available");

        assertThat(run.code()).isEqualTo(8);
        assertThat(run.err()).contains("in use on host host-a", "next: ");
        assertThat(look("held")).isEqualTo(before);
    }

    @Test
    void aForcedResetOfWhatIsHeldIsRefusedToo() {
        Seen before = look("healthy");

        Run run = reseat("volume", "reset-state", "healthy", "--state", "available", "--force", "ignore-driver-error",
                "--force", "accept-unknown", "--reason", "test");

        assertThat(run.code()).isEqualTo(8);
        assertThat(look("healthy")).isEqualTo(before);
    }

    @Test
    void anUnknownStateAndAForbiddenOneAreUsageErrors() {
        assertThat(reseat("volume", "reset-state", "ghost", "--state", "gone").code()).isEqualTo(2);
        assertThat(reseat("volume", "reset-state", "ghost", "--state", "deleting").code()).isEqualTo(2);
    }

    @Test
    void aVolumeThatIsMissingIsNamedAsCinderDoes() {
        assertThat(reseat("volume", "show", "none").err()).contains("No volume with a name or ID of 'none' exists.");
        assertThat(reseat("volume", "reset-state", UUID.randomUUID().toString(), "--state", "error").code())
                .isEqualTo(4);
    }

    @Test
    void listsCanBeNarrowed() {
        JsonNode attaching = reseat("volume", "list", "--status", "attaching", "--json").json();

        assertThat(attaching.valueStream().map(volume -> volume.path("name").asString()))
                .containsExactlyInAnyOrder("attaching-blank", "attaching-connected");
        assertThat(reseat("volume", "list", "--name", "held", "--json").json()).hasSize(1);
        assertThat(reseat("volume", "list", "--project", AllInOneSettings.PROJECT, "--json").json()).hasSize(9);
        assertThat(reseat("volume", "list", "--project", "0a0a", "--json").json()).isEmpty();
    }

    @Test
    void aMappingIsShownByItsUuidAndByInstanceAndVolume() {
        String uuid = look("healthy").mapping().orElseThrow().uuid();

        Run byUuid = reseat("bdm", "show", uuid, "--json");
        Run byNames = reseat("bdm", "show", demo.servers().get("web-2"), "healthy", "--json");

        assertThat(byUuid.code()).isZero();
        assertThat(byUuid.json()).isEqualTo(byNames.json());
        assertThat(byUuid.json().at("/connection_info/driver_volume_type").asString()).isEqualTo("local");
    }

    @Test
    void whatIsMissingIsToldByNovaManagesCodes() {
        String nobody = UUID.randomUUID().toString();
        String server = demo.servers().get("web-2");

        assertThat(reseat("bdm", "show", nobody, "healthy").code()).isEqualTo(2);
        assertThat(reseat("bdm", "show", server, "ghost").code()).isEqualTo(3);
        assertThat(reseat("bdm", "show", nobody).code()).isEqualTo(3);
        assertThat(reseat("bdm", "refresh", nobody, "healthy").code()).isEqualTo(4);
        assertThat(reseat("bdm", "refresh", "--all-volumes-of", nobody).code()).isEqualTo(4);
        assertThat(reseat("bdm", "refresh", server, "ghost").code()).isEqualTo(6);
        assertThat(reseat("bdm", "refresh", nobody).code()).isEqualTo(6);
    }

    @Test
    void aRunningInstanceIsNotRefreshed() {
        Seen before = look("healthy");

        Run run = reseat("bdm", "refresh", demo.servers().get("web-2"), "healthy", "--json");

        assertThat(run.code()).isEqualTo(5);
        assertThat(run.json().at("/mappings/0/error/next").asString()).startsWith("openstack server stop ");
        assertThat(look("healthy")).isEqualTo(before);
    }

    @Test
    void theConnectorOfAnotherHostIsRefused(@TempDir Path folder) throws IOException {
        Path file =
                Files.writeString(folder.resolve("connector.json"), "{\"host\": \"host-a\", \"ip\": \"127.0.0.1\"}");
        Seen before = look("stale");

        Run run = reseat("bdm", "refresh", demo.servers().get("mail-1"), "stale", "--connector-file", file.toString());

        assertThat(run.code()).as(run.err()).isEqualTo(7);
        assertThat(look("stale")).isEqualTo(before);
    }

    @Test
    void aRefreshCanBeTriedDry() {
        Seen before = look("stale-old-flow");

        Run run = reseat("bdm", "refresh", "--all-volumes-of", demo.servers().get("mail-1"), "--dry-run");

        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.out()).contains("would be refreshed", "volumes-before-the-move");
        assertThat(look("stale-old-flow")).isEqualTo(before);
    }

    private Seen look(String name) {
        DemoVolume volume = demo.volumes().get(name);
        return evidence.look(volume);
    }

    @Test
    void whatWasCollectedIsJudgedAsItIsHere(@TempDir Path folder) throws IOException {
        Path collected = folder.resolve("collected");
        Run live = reseat("diagnose", "--all", "--json");

        Run collect = reseat("collect", collected.toString(), "--all");
        assertThat(collect.code()).as("%s", collect).isZero();
        Run offline = reseat("diagnose", "--offline", collected.toString(), "--all", "--json");

        assertThat(offline.code()).as("%s", offline).isZero();
        assertThat(verdicts(offline)).isNotEmpty().isEqualTo(verdicts(live));
        assertThat(verdicts(live).values()).as("something is wrong")
                .anySatisfy(one -> assertThat(one).doesNotStartWith("N"));
        try (Stream<Path> files = Files.walk(collected)) {
            assertThat(files.filter(Files::isRegularFile)).isNotEmpty()
                    .allSatisfy(file -> assertThat(
                            PosixFilePermissions.toString(Files.getPosixFilePermissions(file))).isEqualTo("rw-------"));
        }
        assertThat(reseat("collect", collected.toString(), "--all").err()).contains("is not empty");
    }

    @Test
    void aMappingThatLeadsNowhereIsDeletedAndGivenBack() throws IOException {
        String id = UUID.randomUUID().toString();
        Path file = Files.createFile(cloud.backendDirectory().resolve("volume-" + id));
        String host = reseat("volume", "show", "ghost", "--json").json().findValue("os-vol-host-attr:host").asString();
        cloud.cinder().insertVolume(id, "dangling", host, AllInOneSettings.USER, "another project");
        String mapping = UUID.randomUUID().toString();
        cloud.nova()
                .insertMapping(
                        mapping, demo.servers().get("mail-1"), id, "/dev/vdx",
                        Optional.of(UUID.randomUUID().toString()), "{\"driver_volume_type\": \"local\", \"data\": "
                                + "{\"device_path\": \"" + file + "\"}}");

        Run dry = reseat("diagnose", id, "--fix", "--dry-run");
        assertThat(dry.out()).as("%s", dry)
                .contains("pattern: 14 dangling mapping", "undo:    restore mapping " + mapping);
        assertThat(cloud.nova().mapping(id)).isPresent();

        Run fixed = reseat("diagnose", id, "--fix", "--yes", "--json");
        assertThat(fixed.code()).as("%s", fixed).isZero();
        assertThat(fixed.json().at("/volumes/0/repair/after/pattern").asString()).isEqualTo("N12");
        assertThat(cloud.nova().mapping(id)).isEmpty();

        Run undone = reseat("undo", fixed.json().at("/volumes/0/repair/journal").asString(), "--reason", "look again");
        assertThat(undone.code()).as("%s", undone).isZero();
        assertThat(cloud.nova().mapping(id)).isPresent();
        assertThat(reseat("repair", id).code()).isZero();
    }

    private static Map<String, String> verdicts(Run run) {
        Map<String, String> verdicts = new TreeMap<>();
        run.json()
                .path("diagnoses")
                .forEach(one -> verdicts.put(
                        one.path("volume_id").asString(), one.path("pattern").asString() + " " + one.path("facts")));
        return verdicts;
    }

    private Run reseat(String... words) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = ReseatCli.run(
                words, OperatorCommands.environment(cloud), new PrintWriter(out), new PrintWriter(err));
        return new Run(code, out.toString(), err.toString());
    }
}
