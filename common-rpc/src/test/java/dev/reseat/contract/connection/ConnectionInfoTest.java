package dev.reseat.contract.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reseat.contract.connection.ConnectionInfo.FibreChannel;
import dev.reseat.contract.connection.ConnectionInfo.FibreChannelPath;
import dev.reseat.contract.connection.ConnectionInfo.Iscsi;
import dev.reseat.contract.connection.ConnectionInfo.IscsiPath;
import dev.reseat.contract.connection.ConnectionInfo.Local;
import dev.reseat.contract.connection.ConnectionInfo.Nfs;
import dev.reseat.contract.connection.ConnectionInfo.Nvme;
import dev.reseat.contract.connection.ConnectionInfo.NvmePortal;
import dev.reseat.contract.connection.ConnectionInfo.NvmeTarget;
import dev.reseat.contract.connection.ConnectionInfo.Other;
import dev.reseat.contract.connection.ConnectionInfo.Rbd;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** The shapes that Cinder's drivers give, written after what they are read to return. */
final class ConnectionInfoTest {
    private static final JsonMapper JSON = JsonMapper.shared();

    private static String text(String name) throws IOException {
        try (InputStream in = ConnectionInfoTest.class.getResourceAsStream(name + ".json")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static <T extends ConnectionInfo> T read(String name, Class<T> kind) throws IOException {
        return kind.cast(ConnectionInfo.parse(text(name)));
    }

    @ParameterizedTest
    @ValueSource(strings = {
            "iscsi-flat", "iscsi-multipath", "rbd", "nfs", "nvme", "nvme-old", "fibre-channel", "local", "smbfs"
    })
    void whatWasReadIsWrittenBackAndNeverShown(String name) throws IOException {
        ConnectionInfo info = ConnectionInfo.parse(text(name));

        String written = JSON.writeValueAsString(info.document().values());
        assertThat(JSON.readTree(written)).isEqualTo(JSON.readTree(text(name)));
        assertThat(info.document().values().keySet().stream().toList())
                .isEqualTo(JSON.readValue(text(name), Map.class).keySet().stream().toList());
        assertThat(ConnectionInfo.of(info.document().values())).isEqualTo(info);
        assertThat(info.toString()).doesNotContain("geheim");
    }

    @Test
    void readsIscsi() throws IOException {
        Iscsi one = read("iscsi-flat", Iscsi.class);
        assertThat(one.paths())
                .containsExactly(new IscsiPath(
                        new Portal("192.0.2.20", 3260), "iqn.2010-10.org.openstack:volume-1", 0));
        assertThat(one.chap().orElseThrow().password().reveal()).isEqualTo("geheim-chap");
        assertThat(one.shared()).isFalse();

        Iscsi several = read("iscsi-multipath", Iscsi.class);
        assertThat(several.paths())
                .containsExactly(
                        new IscsiPath(Portal.parse("[2001:db8:0:0::1]:3260"), "iqn.a", 1),
                        new IscsiPath(Portal.parse("192.0.2.21:3260"), "iqn.b", 2));
        assertThat(several.discovery().orElseThrow().user()).isEqualTo("d");
        assertThat(several.shared()).isTrue();
    }

    @Test
    void readsRbdNfsAndLocal() throws IOException {
        Rbd rbd = read("rbd", Rbd.class);
        assertThat(rbd.pool()).isEqualTo("volumes");
        assertThat(rbd.image()).isEqualTo("volume-1");
        assertThat(rbd.monitors()).containsExactly(new Portal("192.0.2.41", 6789), new Portal("mon-2", 3300));
        assertThat(rbd.keyring().orElseThrow().reveal()).contains("geheim-key");

        Nfs nfs = read("nfs", Nfs.class);
        assertThat(nfs.host()).isEqualTo("nas-1");
        assertThat(nfs.path()).isEqualTo("/srv/vol");
        assertThat(nfs.mountPointBase()).contains(Path.of("/var/lib/cinder/mnt"));

        assertThat(read("local", Local.class).device()).isEqualTo(Path.of("/volumes/v"));
        assertThat(read("smbfs", Other.class).type()).isEqualTo("smbfs");
    }

    @Test
    void readsNvme() throws IOException {
        assertThat(read("nvme", Nvme.class).targets())
                .containsExactly(new NvmeTarget("nqn.2014-08.org.example:1",
                        Optional.of("6f9619ff-8b86-d011-b42d-00cf4fc964ff"), Optional.empty(), Optional.of(10),
                        Optional.of("nqn.h"), List.of(new NvmePortal(new Portal("192.0.2.51", 4420), "tcp"),
                                new NvmePortal(new Portal("192.0.2.52", 4420), "rdma"))));
        assertThat(read("nvme-old", Nvme.class).targets())
                .containsExactly(new NvmeTarget("nqn.old", Optional.empty(),
                        Optional.of("0a1b2c3d-0000-0000-0000-00cf4fc964ff"), Optional.of(10),
                        Optional.of("nqn.2014-08.org.nvmexpress:uuid:host-a"), List.of(
                                new NvmePortal(new Portal("192.0.2.51", 4420), "rdma"))));
    }

    @Test
    void readsFibreChannel() throws IOException {
        FibreChannel fc = read("fibre-channel", FibreChannel.class);
        assertThat(fc.paths())
                .containsExactly(
                        new FibreChannelPath(new Wwn("5001405000000001"), 3),
                        new FibreChannelPath(new Wwn("0x5001405000000002"), 3));
        assertThat(fc.zones())
                .isEqualTo(Map.of(new Wwn("21:00:00:24:ff:59:fe:94"), List.of(new Wwn("5001405000000001"))));
        assertThat(((FibreChannel) ConnectionInfo.of("fibre_channel", Map.of("target_luns", List.of(3), "target_wwns",
                List.of("5001405000000001", "5001405000000002")))).paths()).isEqualTo(fc.paths());
    }

    /** The numbers of os-brick's own description of {@code lun_for_addressing}. */
    @ParameterizedTest
    @CsvSource({",1,1", ",256,256", "SAM,256,256", "transparent,256,256", "SAM2,1,1", "SAM2,255,255",
            "SAM2,256,16640", "SAM3-flat,1,16385", "SAM3-flat,256,16640"})
    void aUnitIsNumberedAsTheKernelDoes(String mode, int lun, int kernels) {
        Map<String, Object> data = new HashMap<>(Map.of(
                "target_lun", lun, "target_wwn", "5001405000000001", "target_portal", "192.0.2.1:3260",
                "target_iqn", "i"));
        Optional.ofNullable(mode).ifPresent(text -> data.put("addressing_mode", text));

        assertThat(((FibreChannel) ConnectionInfo.of("fibre_channel", data)).paths().getFirst().lun())
                .isEqualTo(kernels);
        assertThat(((Iscsi) ConnectionInfo.of("iscsi", data)).paths().getFirst().lun())
                .isEqualTo(kernels);
        data.put("addressing_mode", "SAM9");
        assertThatThrownBy(() -> ConnectionInfo.of("iscsi", data)).isInstanceOf(MalformedConnection.class);
    }

    @Test
    void oneFormBecomesTheOther() throws IOException {
        ConnectionInfo nfs = ConnectionInfo.parse(text("nfs"));
        Map<String, Object> flat = nfs.document().flat("a-1");
        assertThat(flat).containsEntry("mount_point_base", "/var/lib/cinder/mnt")
                .containsEntry("attachment_id", "a-1")
                .containsEntry("export", "NAS-1:/srv/vol")
                .doesNotContainKey("data");
        assertThat(((Nfs) ConnectionInfo.of(flat)).mountPointBase()).isPresent();
        assertThat(ConnectionInfo.parse(text("iscsi-flat")).document().nested()).containsOnlyKeys(
                "driver_volume_type", "data");
        assertThat(nfs.with(Map.of("access_mode", "ro")).document().data()).containsEntry("access_mode", "ro");
    }

    @ParameterizedTest
    @ValueSource(strings = {
            "", "null", "[]", "7", "\"local\"", "{", "{} x", "{\"driver_volume_type\": \"geheim",
            "{\"driver_volume_type\": 7}",
            "{'driver_volume_type': 'geheim'}",
            "{\"data\": {\"device_path\": \"/geheim\"}}",
            "{\"driver_volume_type\": \"local\", \"data\": {\"auth_password\": \"geheim\"}}",
            "{\"driver_volume_type\": \"local\", \"data\": {\"device_path\": \"/geheim\\u0000\"}}",
            "{\"driver_volume_type\": \"local\", \"device_path\": \"volumes/geheim\"}",
            "{\"driver_volume_type\": \"local\", \"device_path\": \"/volumes/../geheim\"}",
            "{\"driver_volume_type\": \"iscsi\", \"data\": {\"target_portal\": \"geheim\", \"target_iqn\": \"q\"}}",
            "{\"driver_volume_type\": \"iscsi\", \"data\": {\"target_portals\": [null], \"target_iqns\": [\"q\"]}}",
            "{\"driver_volume_type\": \"rbd\", \"data\": {\"name\": \"geheim\"}}",
            "{\"driver_volume_type\": \"nvmeof\", \"data\": {\"target_nqn\": \"q\", \"portals\": [\"geheim\"]}}",
            "{\"driver_volume_type\": \"fibre_channel\", \"data\": {\"target_wwn\": \"geheim\"}}"
    })
    void whatIsNoConnectionInfoIsRefusedWithoutBeingRepeated(String json) {
        assertThatThrownBy(() -> ConnectionInfo.parse(json))
                .isInstanceOf(MalformedConnection.class)
                .hasMessageNotContaining("geheim");
    }

    @Test
    void aConnectorIsReadAsRealHostsMakeIt() {
        var connector = new Connector(JSON.readValue("""
                {"initiator": null, "ip": "2001:DB8::1", "host": "host-a", "multipath": true,
                 "wwpns": ["21000024ff59fe94"], "mode": null, "unknown": 1}""",
                new TypeReference<Map<String, Object>>() {}));
        assertThat(connector.host()).contains("host-a");
        assertThat(connector.initiator()).isEmpty();
        assertThat(connector.ip()).isEqualTo(Optional.of(new Portal("2001:db8:0::1", 1).host()));
        assertThat(connector.wwpns()).containsExactly(new Wwn("21000024FF59FE94"));
        assertThat(connector.multipath()).isTrue();
        assertThat(connector.with("mode", "ro").values()).containsEntry("unknown", 1).containsEntry("mode", "ro");
    }
}
