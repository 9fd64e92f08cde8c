package dev.reseat.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reseat.contract.state.StateRpc;
import dev.reseat.contract.volume.VolumeAttachmentObject;
import dev.reseat.contract.volume.VolumeObject;
import dev.reseat.rpc.Failure;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Cinder's own methods, called as cinder-api calls them. */
final class CinderMethodsTest extends CalledManager {
    @Test
    void initializeGivesConnectionInfoInTheOldForm() {
        VolumeObject volume = stuckVolume();

        Map<?, ?> info = cloud.call("initialize_connection", args("connector", CONNECTOR, "volume", volume), Map.class);

        assertThat(info.get("driver_volume_type")).isEqualTo("memory");
        assertThat((Map<?, ?>) info.get("data")).isEqualTo(args(
                "address", "secret-of-" + VOLUME, "qos_specs", null, "access_mode", "rw", "encrypted", false,
                "cacheable", false, "enforce_multipath", false));
    }

    @Test
    void aFailedConnectIsTakenBack() {
        VolumeObject volume = stuckVolume();
        driver.breakDown("initializeConnection");

        Failure failure = failureOf(() -> cloud.call(
                "initialize_connection", args("connector", CONNECTOR, "volume", volume), Map.class));

        assertThat(failure.type()).isEqualTo("VolumeBackendAPIException");
        assertThat(failure.message()).isEqualTo("Bad or unexpected response from the storage volume backend API: "
                + "Driver initialize connection failed (error: initializeConnection broke).");
        assertThat(failure.args()).containsExactly(failure.message());
        assertThat(driver.hosts(VOLUME)).isEmpty();
    }

    @Test
    void terminateKeepsOneHostOutOrAll() {
        VolumeObject volume = stuckVolume();
        for (String host : List.of("compute-1", "compute-2")) {
            cloud.call("initialize_connection", args("connector", Map.of("host", host), "volume", volume), Map.class);
        }

        cloud.call("terminate_connection", args("volume_id", VOLUME, "connector", CONNECTOR, "force", false),
                Void.class);
        assertThat(driver.hosts(VOLUME)).containsExactly("compute-2");

        cloud.call("terminate_connection", args("volume_id", VOLUME, "connector", null, "force", true), Void.class);
        assertThat(driver.hosts(VOLUME)).isEmpty();
    }

    @Test
    void attachmentUpdateConnectsThenCommits() {
        VolumeObject volume = stuckVolume();
        cloud.state().add(Rows.attachment("a-1", VOLUME, Map.of("attach_mode", "ro", "attach_status", "reserved")));

        Map<?, ?> flat = cloud.call(
                "attachment_update",
                args("vref", volume, "connector", CONNECTOR, "attachment_id", "a-1"), Map.class);

        assertThat(flat.get("driver_volume_type")).isEqualTo("memory");
        assertThat(flat.get("address")).isEqualTo("secret-of-" + VOLUME);
        assertThat(flat.get("attachment_id")).isEqualTo("a-1");
        assertThat(cloud.state().committed()).singleElement()
                .isInstanceOfSatisfying(StateRpc.AttachmentConnected.class, committed -> {
                    assertThat(committed.attachMode()).contains("ro");
                    assertThat(committed.connector()).containsEntry("mode", "ro").containsEntry("host", "compute-1");
                    assertThat(committed.connectionInfo()).isEqualTo(flat);
                });
    }

    /** The row's mode goes before the connector's, and so does its having none; "null" stands for "not said". */
    @ParameterizedTest
    @CsvSource({"null, , rw", "null, ro, ro", ", rw, ", ", , ", "ro, rw, ro"})
    void theModeIsTheRowsUnlessItSaysNull(String row, String connectors, String committedMode) {
        VolumeObject volume = stuckVolume();
        Map<String, Object> columns = new LinkedHashMap<>(Map.of("attach_status", "reserved"));
        columns.put("attach_mode", row);
        cloud.state().add(Rows.attachment("a-1", VOLUME, columns));
        Map<String, Object> connector = new LinkedHashMap<>(CONNECTOR);
        if (connectors != null) {
            connector.put("mode", connectors);
        }

        cloud.call("attachment_update", args("vref", volume, "connector", connector, "attachment_id", "a-1"),
                Map.class);

        assertThat(cloud.state().committed()).singleElement()
                .isInstanceOfSatisfying(StateRpc.AttachmentConnected.class, committed -> {
                    assertThat(committed.attachMode()).isEqualTo(Optional.ofNullable(committedMode));
                    assertThat(committed.connector().containsKey("mode"))
                            .isEqualTo(!"null".equals(row) || connectors != null);
                    assertThat(committed.connector().get("mode")).isEqualTo("null".equals(row) ? connectors : row);
                });
    }

    @Test
    void whatWasNotCommittedIsTakenBack() {
        VolumeObject volume = stuckVolume();
        cloud.state().add(Rows.attachment("a-1", VOLUME));
        cloud.state().refuseChanges();

        Failure failure = failureOf(() -> cloud.call(
                "attachment_update", args("vref", volume, "connector", CONNECTOR, "attachment_id", "a-1"), Map.class));

        assertThat(failure.type()).isEqualTo("VolumeNotFound");
        assertThat(driver.hosts(VOLUME)).isEmpty();
    }

    @Test
    void anUnknownAttachmentIsNotFound() {
        VolumeObject volume = stuckVolume();

        Failure failure = failureOf(() -> cloud.call(
                "attachment_update", args("vref", volume, "connector", CONNECTOR, "attachment_id", "a-0"), Map.class));

        assertThat(failure.type()).isEqualTo("VolumeAttachmentNotFound");
        assertThat(driver.calls()).isEmpty();
    }

    @Test
    void attachmentDeleteKeepsItsHostOutAndLeavesTheStateAlone() {
        VolumeObject volume = stuckVolume();
        attachment("a-1", "compute-1");
        reset("in-use");

        cloud.call("attachment_delete", args("attachment_id", "a-1", "vref", volume), Void.class);

        assertThat(driver.hosts(VOLUME)).isEmpty();
        assertThat(driver.calls()).endsWith("terminateConnection", "removeExport");
        assertThat(cloud.state().committed()).isEmpty();
    }

    @Test
    void anAttachmentThatWasNeverConnectedAsksNothingOfTheDriver() {
        VolumeObject volume = stuckVolume();
        cloud.state().add(Rows.attachment("a-1", VOLUME));

        cloud.call("attachment_delete", args("attachment_id", "a-1", "vref", volume), Void.class);

        assertThat(driver.calls()).isEmpty();
    }

    @Test
    void anExportThatStaysBehindDoesNotFailTheDelete() {
        VolumeObject volume = stuckVolume();
        attachment("a-1", "compute-1");
        driver.breakDown("removeExport");

        cloud.call("attachment_delete", args("attachment_id", "a-1", "vref", volume), Void.class);

        driver.breakDown("terminateConnection");
        assertThat(failureOf(() -> cloud.call(
                "attachment_delete", args("attachment_id", "a-1", "vref", volume), Void.class)).message())
                .endsWith("Terminate volume connection failed: terminateConnection broke");
    }

    @Test
    void detachRemovesTheExportThenCommits() {
        stuckVolume();
        attachment("a-1", "compute-1");
        reset("in-use");

        cloud.call("detach_volume", args("volume_id", VOLUME, "attachment_id", "a-1"), Void.class);

        assertThat(driver.hosts(VOLUME)).isEmpty();
        assertThat(cloud.state().committed()).containsExactly(new StateRpc.FinishDetach(VOLUME, Optional.of("a-1")));
    }

    @Test
    void detachKeepsTheExportThatOthersUse() {
        stuckVolume();
        attachment("a-1", "compute-1");
        attachment("a-2", "compute-2");
        reset("in-use");

        assertThat(failureOf(() -> cloud.call("detach_volume", args("volume_id", VOLUME), Void.class)).message())
                .isEqualTo("Invalid volume: Detach volume failed: More than one attachment, "
                        + "but no attachment_id provided.");
        cloud.call("detach_volume", args("volume_id", VOLUME, "attachment_id", "a-1"), Void.class);

        assertThat(driver.hosts(VOLUME)).containsExactly("compute-2");
    }

    @Test
    void aFailedDetachLeavesTheStateAlone() {
        stuckVolume();
        attachment("a-1", "compute-1");
        driver.breakDown("removeExport");

        Failure failure = failureOf(() -> cloud.call("detach_volume", args("volume_id", VOLUME), Void.class));

        assertThat(failure.type()).isEqualTo("RemoveExportException");
        assertThat(failure.message())
                .isEqualTo("Failed to remove export for volume " + VOLUME + ": removeExport broke");
        assertThat(cloud.state().committed()).isEmpty();
    }

    @Test
    void detachOfAnUnknownAttachmentOnlySetsTheStateRight() {
        stuckVolume();

        cloud.call("detach_volume", args("volume_id", VOLUME, "attachment_id", "a-0"), Void.class);
        cloud.call("detach_volume", args("volume_id", VOLUME), Void.class);

        assertThat(driver.calls()).isEmpty();
        assertThat(cloud.state().committed()).containsExactly(
                new StateRpc.FinishDetach(VOLUME, Optional.of("a-0")),
                new StateRpc.FinishDetach(VOLUME, Optional.empty()));
    }

    @Test
    void attachIsCommittedUnlessTheVolumeIsTaken() {
        stuckVolume();
        Map<String, Object> request = args(
                "volume_id", VOLUME, "instance_uuid", "i-1", "host_name", null, "mountpoint", "/dev/vdb", "mode", "rw");

        assertThat(failureOf(() -> cloud.call("attach_volume", request, Map.class)).message())
                .isEqualTo("Invalid volume: volume is already attached and multiple attachments are not enabled");

        cloud.state().add(Rows.volume(VOLUME, OneBackend.HOST, Map.of("status", "attaching")));
        assertThat(cloud.call("attach_volume", request, VolumeAttachmentObject.class).id()).isEqualTo("made");
        assertThat(cloud.state().committed()).hasSize(1);

        cloud.state()
                .add(Rows.volume(
                        VOLUME, OneBackend.HOST,
                        Map.of("status", "attaching", "admin_metadata", Map.of("readonly", "True"))));
        assertThat(failureOf(() -> cloud.call("attach_volume", request, Map.class)).type())
                .isEqualTo("InvalidVolumeAttachMode");
    }

    @Test
    void capabilitiesNameTheBackend() {
        Map<?, ?> capabilities = cloud.call("get_capabilities", args("discover", true), Map.class);

        assertThat(capabilities.get("volume_backend_name")).isEqualTo("gold");
        assertThat(capabilities.get("storage_protocol")).isEqualTo("memory");
    }

    @Test
    void noMessageCarriesASecret() {
        VolumeObject volume = stuckVolume();
        driver.breakDown("initializeConnection");

        assertThatThrownBy(() -> cloud.call(
                "initialize_connection", args("connector", CONNECTOR, "volume", volume), Map.class))
                .hasMessageNotContaining("secret-of");
    }
}
