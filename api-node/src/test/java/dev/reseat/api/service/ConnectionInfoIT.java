package dev.reseat.api.service;

import static dev.reseat.api.service.ServiceFixture.ADMIN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reseat.api.flow.ServiceException;
import dev.reseat.api.model.Attachment;
import dev.reseat.api.object.JsonText;
import dev.reseat.api.store.cinder.VolumeTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who stores the connection_info of an attachment that the volume service has connected. */
@Tag("database")
final class ConnectionInfoIT {
    private static final Map<String, Object> CONNECTOR = JsonText.map("""
            {"host": "host-a", "ip": "192.0.2.7", "initiator": null, "wwpns": ["21000024ff59fe94"], "system uuid": \
            "2f4d",
             "key_of_tomorrow": {"a": [1, 2.5, null]}}""");
    private static final Map<String, Object> ANSWERED =
            Map.of("driver_volume_type", "local", "device_path", "/volumes/new");

    private final ServiceFixture fixture = new ServiceFixture();
    private final ScriptedBackend backend = new ScriptedBackend(fixture, false);
    private final String volume = fixture.cloud.volume("available");
    private final String instance = fixture.cloud.instance();

    @AfterEach
    void close() {
        backend.close();
        fixture.close();
    }

    @ParameterizedTest(name = "left to the caller: {0}")
    @ValueSource(booleans = {true, false})
    void isInTheRowWhoeverStoresIt(boolean leftToCaller) {
        backend.leavesConnectionInfoToCaller = leftToCaller;

        Attachment made = connect();

        assertThat(made.status()).as("as Cinder answers").isEqualTo("reserved");
        assertThat(made.connectionInfo().map(JsonText::map)).contains(ANSWERED);
        Attachment stored = fixture.attachments.show(ADMIN, made.id());
        assertThat(stored.status()).isEqualTo("attaching");
        assertThat(stored.connector().map(JsonText::map)).contains(CONNECTOR);
        assertThat(stored.mode()).as("as Cinder stores none").contains("null");
        fixture.attachments.complete(ADMIN, made.id());
        assertThat(fixture.anyAttachment(made.id()).status()).isEqualTo("attached");
    }

    /** As in Cinder, whose API stores the mode after the volume service has answered: the connector is told none. */
    @ParameterizedTest(name = "{0}, left to the caller: {2}")
    @CsvSource({"ro, ro, true", "rw, rw, false", ", null, true", ", null, false"})
    void theModeOfOneMadeWithItsConnectorIsStoredAtTheEnd(String given, String stored, boolean leftToCaller) {
        backend.leavesConnectionInfoToCaller = leftToCaller;
        List<Object> meanwhile = new ArrayList<>();
        backend.beforeAnswer = () -> meanwhile.add(mode());

        fixture.attachments.create(
                ADMIN, volume, Optional.of(instance), Optional.of(CONNECTOR), Optional.ofNullable(given));

        assertThat(meanwhile).hasSize(1).containsOnlyNulls();
        assertThat(mode()).isEqualTo(stored);
    }

    @Test
    void aBlankOneHasItsModeFromTheBeginning() {
        fixture.attachments.create(ADMIN, volume, Optional.of(instance), Optional.empty(), Optional.of("ro"));

        assertThat(mode()).isEqualTo("ro");
    }

    @Test
    void aReadOnlyVolumesIsReadOnlyInTheEndWhateverWasGiven() {
        fixture.cloud.cinder().run(tx -> new VolumeTable().putAdminMetadata(tx, volume, "readonly", "True"));

        fixture.attachments.create(ADMIN, volume, Optional.of(instance), Optional.of(CONNECTOR), Optional.of("rw"));

        assertThat(mode()).isEqualTo("ro");
    }

    private Object mode() {
        return fixture.cloud.row(fixture.cloud.cinder(), "SELECT attach_mode FROM volume_attachment")
                .get("attach_mode");
    }

    @Test
    void aRepeatedUpdateFindsItThereAndLeavesOne() {
        backend.leavesConnectionInfoToCaller = true;
        Attachment made = connect();

        Attachment again = fixture.attachments.update(ADMIN, made.id(), CONNECTOR);

        assertThat(again.connectionInfo().map(JsonText::map)).contains(ANSWERED);
    }

    @Test
    void whatSomebodyElseStoredMeanwhileStays() {
        backend.leavesConnectionInfoToCaller = true;
        backend.beforeAnswer = () -> fixture.cloud.execute(
                fixture.cloud.cinder(),
                "UPDATE volume_attachment SET connection_info = '{\"driver_volume_type\": \"x\"}'");

        assertThatThrownBy(this::connect).isInstanceOf(ServiceException.Conflict.class)
                .hasMessageContaining("changed by somebody else");
        assertThat(stored()).isEqualTo("{\"driver_volume_type\": \"x\"}");
    }

    @Test
    void anAttachmentThatWasDeletedMeanwhileGetsNone() {
        backend.leavesConnectionInfoToCaller = true;
        backend.beforeAnswer = () -> fixture.cloud.execute(
                fixture.cloud.cinder(), "UPDATE volume_attachment SET deleted = true");

        assertThatThrownBy(this::connect).isInstanceOf(ServiceException.Conflict.class);
        assertThat(stored()).as("as a blank attachment has it").isEqualTo("{}");
    }

    private Attachment connect() {
        return fixture.attachments.create(ADMIN, volume, Optional.of(instance), Optional.of(CONNECTOR),
                Optional.empty());
    }

    private Object stored() {
        return fixture.cloud.row(fixture.cloud.cinder(), "SELECT connection_info FROM volume_attachment")
                .get("connection_info");
    }
}
