package dev.reseat.api.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reseat.testing.CloudFixture;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What selectors mean, alone and together. */
@Tag("database")
class JobSelectionIT {
    private static JobCloud node;
    private static CloudFixture cloud;

    @BeforeAll
    static void open() {
        node = new JobCloud();
        cloud = node.cloud;
    }

    @AfterAll
    static void close() {
        node.close();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', value = {
            "198.51.100.1 | {'driver_volume_type':'rbd','name':'p/v','hosts':['198.51.100.1'],'ports':['6789']}",
            "198.51.100.2 | {'driver_volume_type':'iscsi','target_portal':'198.51.100.2:3260','target_iqn':'iqn.x',"
                    + "'target_lun':1}",
            "198.51.100.3:3260 | {'driver_volume_type':'iscsi','target_portals':['198.51.100.30:3260',"
                    + "'198.51.100.3:3260'],'target_iqns':['iqn.x','iqn.y'],'target_luns':[1,1]}",
            "198.51.100.4 | {'driver_volume_type':'nvmeof','target_nqn':'nqn.x','vol_uuid':'1',"
                    + "'portals':[['198.51.100.4',4420,'tcp']]}",
            "198.51.100.5 | {'driver_volume_type':'nfs','export':'198.51.100.5:/vol','name':'volume-1'}"})
    void anAddressIsFoundInEveryKindOfConnectionOfNovaOrCinder(String address, String json) {
        String info = json.replace('\'', '"');
        String mapped = volume(Map.of());
        cloud.blockDevice(cloud.instance(), mapped, Map.of("connection_info", info));
        String attached = volume(Map.of());
        cloud.attachment(attached, Map.of("connection_info", info));
        volume(Map.of()); // reaches nothing

        assertThat(selected("address=" + address)).containsExactlyInAnyOrder(mapped, attached);
        assertThat(items("--address", address)).containsExactlyInAnyOrder(mapped, attached);
    }

    @Test
    void whatNamesNoAddressIsNotSelectedAndAKindThatIsNotKnownIsToldOf() {
        String fibre = volume(Map.of());
        cloud.attachment(fibre, Map.of("connection_info", "{\"driver_volume_type\": \"fibre_channel\","
                + " \"target_wwn\": [\"20000025b500000f\"], \"target_lun\": 1}"));
        String unheard = volume(Map.of());
        cloud.attachment(unheard, Map.of("connection_info", "{\"driver_volume_type\": \"unheard\","
                + " \"host\": \"198.51.100.9\"}"));

        assertThat(node.cli.run(4, "job", "create", "--select", "address=198.51.100.9", "--reset-state", "error").err())
                .contains("selects nothing", "not known here", unheard)
                .doesNotContain(fibre);
    }

    @Test
    void allConditionsMustHoldOfEachAnyValue() {
        String project = "7c1d0000000000000000000000000009";
        String match = volume(Map.of("status", "maintenance", "project_id", project, "host", "stor-9@a#p"));
        cloud.attachment(match, Map.of(
                "attached_host", "host-9", "connection_info",
                "{\"driver_volume_type\":\"nfs\",\"export\":\"198.51.100.20:/v\",\"name\":\"v\"}"));
        String otherState = volume(Map.of("status", "error", "project_id", project, "host", "stor-9@a#p"));
        cloud.attachment(otherState, Map.of("attached_host", "host-9"));
        String otherHost = volume(Map.of("status", "maintenance", "project_id", project, "host", "stor-9@b#p"));
        cloud.attachment(otherHost, Map.of("attached_host", "host-8"));

        assertThat(selected("project=" + project)).containsExactlyInAnyOrder(match, otherState, otherHost);
        assertThat(selected("project=" + project, "state=maintenance")).containsExactlyInAnyOrder(match, otherHost);
        assertThat(selected("project=" + project, "state=maintenance,error", "host=host-9"))
                .containsExactlyInAnyOrder(match, otherState);
        assertThat(selected("backend=stor-9@b", "project=" + project)).containsExactly(otherHost);
        assertThat(selected("backend=stor-9@a,stor-9@b", "address=198.51.100.20", "state=maintenance", "older-than=1s",
                "ids=" + match + "," + otherHost)).containsExactly(match);
        assertThat(node.cli.run(4, "job", "create", "--select", "project=" + project, "--select", "host=nowhere",
                "--reset-state", "error").err()).contains("selects nothing");
    }

    @Test
    void aDatabaseThatCannotBeReadSelectsNothing() {
        String volume = volume(Map.of("status", "maintenance"));
        cloud.execute(cloud.nova(), "ALTER TABLE block_device_mapping RENAME TO gone");
        try {
            JobCli.Run run = node.cli.run("job", "create", "--select", "ids=" + volume, "--reset-state", "error");
            assertThat(run.code()).as(run.toString()).isNotZero();
        } finally {
            cloud.execute(cloud.nova(), "ALTER TABLE gone RENAME TO block_device_mapping");
        }

        assertThat(cloud.rows(cloud.cinder(), "SELECT id FROM reseat.job_item WHERE volume_id = ?", volume)).isEmpty();
    }

    private static String volume(Map<String, Object> columns) {
        return cloud.volume(columns);
    }

    /** The volumes of the job that these conditions make, which is then cancelled. */
    private static Set<String> selected(String... conditions) {
        return items(Arrays.stream(conditions)
                .flatMap(condition -> Arrays.stream(new String[]{"--select", condition}))
                .toArray(String[]::new));
    }

    private static Set<String> items(String... words) {
        String[] all = Arrays.copyOf(words, words.length + 2);
        all[words.length] = "--reset-state";
        all[words.length + 1] = "error";
        String job = node.cli.create(all);
        node.cli.run(0, "job", "cancel", job);
        Set<String> volumes = new HashSet<>();
        node.cli.report(job).path("items").forEach(item -> volumes.add(item.path("volume_id").asString()));
        return volumes;
    }
}
