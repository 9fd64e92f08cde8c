package dev.reseat.compute.connector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ConnectionInfoReaderTest {
    private static final ConnectionInfo LOCAL = new ConnectionInfo.Local(Path.of("/volumes/v"), false);

    @Test
    void readsTheFormNovaStores() {
        String stored = """
                {"driver_volume_type": "local", "data": {"device_path": "/volumes/v", "encrypted": false},
                 "status": "reserved", "instance": "i", "attached_at": "", "detached_at": "", "volume_id": "v",
                 "serial": "v"}""";
        assertThat(ConnectionInfoReader.read(stored)).isEqualTo(LOCAL);
    }

    @Test
    void readsTheFlatFormOfAnAttachment() {
        assertThat(ConnectionInfoReader.read(Map.of("driver_volume_type", "local", "device_path", "/volumes/v")))
                .isEqualTo(LOCAL);
    }

    @Test
    void knowsAConnectionThatInstancesShare() {
        String stored =
                "{\"driver_volume_type\": \"local\", \"data\": {\"device_path\": \"/v\"}, \"multiattach\": true}";
        assertThat(ConnectionInfoReader.read(stored).shared()).isTrue();
    }

    @Test
    void anotherProtocolIsNamedAndNoMore() {
        String stored = "{\"driver_volume_type\": \"iscsi\", \"data\": {\"auth_password\": \"geheim\"}}";
        assertThat(ConnectionInfoReader.read(stored)).isEqualTo(new ConnectionInfo.Unsupported("iscsi", false));
    }

    @ParameterizedTest
    @ValueSource(strings = {
            "", "null", "[]", "7", "\"local\"", "{", "{\"driver_volume_type\": \"geheim",
            "{\"data\": {\"device_path\": \"/geheim\"}}",
            "{\"driver_volume_type\": \"local\", \"data\": {\"auth_password\": \"geheim\"}}",
            "{\"driver_volume_type\": \"local\", \"data\": {\"device_path\": \"/geheim\\u0000\"}}"
    })
    void whatIsNoConnectionInfoIsRefusedWithoutBeingRepeated(String text) {
        assertThatThrownBy(() -> ConnectionInfoReader.read(text))
                .isInstanceOf(ConnectorException.Unreadable.class)
                .hasMessageNotContaining("geheim");
    }

    @ParameterizedTest
    @ValueSource(strings = {"volumes/v", "/volumes/../etc/passwd"})
    void aPathThatLeadsElsewhereIsRefused(String path) {
        assertThatThrownBy(() -> ConnectionInfoReader.read(Map.of("driver_volume_type", "local", "device_path", path)))
                .isInstanceOf(ConnectorException.Unreadable.class);
    }
}
