package dev.reseat.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reseat.testing.SecretTexts;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class SecretTextTest {
    private static final String CEPHX = "AQCk0rFkAAAAABAAUGljdHVyZXNPZlNlY3JldHM/+A==";

    /** The texts that oslo.utils is asked about too: {@link SecretTextIT}. */
    static Stream<Arguments> texts() throws IOException {
        return corpus().stream()
                .map(line -> Arguments.of(
                        line.path("text").asString(), words(line.path("hidden")), words(line.path("visible"))));
    }

    @ParameterizedTest
    @MethodSource("texts")
    void whatOsloKnowsIsHidden(String text, List<String> hidden, List<String> visible) {
        String shown = SecretText.masked(text);

        assertThat(shown).contains(SecretText.MASK).doesNotContain(hidden);
        if (!visible.isEmpty()) {
            assertThat(shown).contains(visible);
        }
        assertThat(SecretText.masked(shown)).isEqualTo(shown);
    }

    static Stream<Arguments> storage() {
        return Stream.of(
                Arguments.of(
                        "-o vers=3.0,username=Administrator,password=SECRETsmb1,domain=LAB",
                        "-o vers=3.0,username=Administrator,password=***,domain=LAB"),
                Arguments.of(
                        "mount -t cifs //192.0.2.50/x /mnt -o user=a,pass=SECRET,rw",
                        "mount -t cifs //192.0.2.50/x /mnt -o user=a,pass=***"),
                Arguments.of(
                        "rbd:volumes/volume-1:id=cinder:key=" + CEPHX
                                + ":auth_supported=cephx\\;none:mon_host=192.0.2.1",
                        "rbd:volumes/volume-1:id=cinder:key=***:auth_supported=cephx\\;none:mon_host=192.0.2.1"),
                Arguments.of("rbd:volumes/v:id=cinder:key=SECRET:conf=/etc/ceph",
                        "rbd:volumes/v:id=cinder:key=***:conf=/etc/ceph"),
                Arguments.of("[client.cinder]\n\tkey = " + CEPHX + "\n\tcaps mon = \"allow r\"",
                        "[client.cinder]\n\tkey = ***\n\tcaps mon = \"allow r\""),
                Arguments.of(
                        "https://mon.example/set?name=cinder&key=AQCk0rFkAAAAABAAUGljdHVyZXNPZlNlY3JldHM%2FA%3D%3D&x=1",
                        "https://mon.example/set?name=cinder&key=***&x=1"),
                Arguments.of("GET /keys/" + CEPHX + "/use", "GET /keys/***/use"),
                Arguments.of("rabbit://openstack:SECRET@192.0.2.7:5672/cinder",
                        "rabbit://openstack:***@192.0.2.7:5672/cinder"),
                Arguments.of("mysql+pymysql://cinder:SE/CR@ET@db/cinder?charset=utf8 failed",
                        "mysql+pymysql://cinder:***@db/cinder?charset=utf8 failed"),
                Arguments.of("http://192.0.2.7:8776/v3/a@b and nfs://192.0.2.8:/vol@1",
                        "http://192.0.2.7:8776/v3/a@b and nfs://192.0.2.8:***@1"),
                Arguments.of("{\\\"auth_password\\\": \\\"SE\\\\\\\"CRET\\\", \\\"target_lun\\\": 1}",
                        "{\\\"auth_password\\\": \\\"***\\\", \\\"target_lun\\\": 1}"),
                Arguments.of("[ {  \"auth_password\" : \"SECRET\" , \"a\": 1 } ]",
                        "[ {  \"auth_password\" : \"***\" , \"a\": 1 } ]"),
                Arguments.of("{\"data\": {\"target_iqn\": \"iqn.x\", \"auth_password\": \"SECRETtru",
                        "{\"data\": {\"target_iqn\": \"iqn.x\", \"auth_password\": \"***"),
                Arguments.of("('auth_password', 'SECRET')", "('auth_password', '***')"),
                Arguments.of("Connector{auth_password=SECRET, host=cmp-1}", "Connector{auth_password=***, host=cmp-1}"),
                Arguments.of("Authorization: Basic dXNlcjpTRUNSRVQ=\r\nHost: h", "Authorization: ***\r\nHost: h"),
                Arguments.of("curl -H 'X-Auth-Token: SECRET' http://h", "curl -H 'X-Auth-Token: ***' http://h"),
                Arguments.of("{\"token\": 7, \"keyring\": null, 'psk': None}",
                        "{\"token\": ***, \"keyring\": null, 'psk': None}"),
                Arguments.of("provider_auth = CHAP user SECRET", "provider_auth = ***"),
                Arguments.of("incominguser cinder SECRET", "incominguser cinder ***"),
                Arguments.of("nvme connect -S DHHC-1:01:c2VjcmV0c2VjcmV0:", "nvme connect -S DHHC-1:01:***:"),
                Arguments.of("iscsiadm -n discovery.sendtargets.auth.password_in -v SECRET",
                        "iscsiadm -n discovery.sendtargets.auth.password_in -v ***"),
                Arguments.of("-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END",
                        "-----BEGIN RSA PRIVATE KEY-----***-----END"));
    }

    @ParameterizedTest
    @MethodSource("storage")
    void whatStorageSaysIsHiddenAndItsNeighboursAreNot(String text, String shown) {
        assertThat(SecretText.masked(text)).isEqualTo(shown);
        assertThat(SecretText.masked(shown)).isEqualTo(shown);
    }

    @ParameterizedTest
    @MethodSource("dev.reseat.testing.SecretTexts#all")
    void noShapeOfASecretIsSeen(String text) {
        String shown = SecretText.masked(text);

        assertThat(shown).contains(SecretText.MASK).doesNotContain(SecretTexts.SECRET);
        assertThat(SecretText.masked(shown)).isEqualTo(shown);
    }

    @ParameterizedTest
    @ValueSource(strings = {
            "secret_uuid='457eb676-33da-42ec-9a8c-9293d545c337' secret_type=ceph",
            "<secret type='ceph' uuid='457eb676-33da-42ec-9a8c-9293d545c337'/>",
            "auth_username=cinder auth_method=CHAP key_size=256 encryption_key_id=457eb676",
            "iscsiadm -m node -n node.session.auth.username -v cinder -n node.session.auth.authmethod -v CHAP",
            "{'target_iqn': 'iqn.2010-10.org.openstack:volume-1', 'target_portal': '192.0.2.9:3260', 'access_mode': "
                    + "'rw'}",
            "password_file: /etc/x, keyring_path: /etc/ceph/ceph.client.cinder.keyring",
            "routing_key 'cinder-volume.host@lvm', public_key=abc, pwd=/root",
            "portal [fd00::1]:3260, time 17:20:01, http://h:1/p?q=a@b",
            "{'key': 'fs', 'value': 'xfs'} {\"value\": 1} <name>volume-1</name><value>7</value> 50% done %zz &nbsp;",
            "auth via CHAP for initiator iqn.x on port 3260; user=dom%2Fa; curl --user-agent x http://h:80/",
            "C:\\net\\temp <description>a disk</description> | volume | size |",
            "Invalid volume: Volume 457eb676 status must be available, but current status is in-use."})
    void whatOnlyLooksAlikeStays(String text) {
        assertThat(SecretText.masked(text)).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {
            "auth_password", "discovery_auth_password", "auth_key", "cephx_key", "psk", "encryption_key",
            "authorization", "X-Auth-Token", "X-Subject-Token", "keyring", "secret", "token", "dhchap_secret",
            "adminPass", "admin_pass", "pass", "new_pass", "hostnqn_tls_psk", "Credential", "api-key", "password2",
            "node.session.auth.password_in", "provider_auth", "tls_key", "SecretAccessKey"})
    void namesOfSecrets(String name) {
        assertThat(SecretName.isSecret(name)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {
            "secret_uuid", "secret_type", "auth_username", "auth_method", "target_iqn", "key_size",
            "encryption_key_id", "keyring_path", "password_file", "secret_ref", "bypass", "compass", "pwd",
            "public_key", "routing_key", "reservation_key", "key", "", "7", "initiator", "multipath", "serial",
            "volume_id", "qos_specs", "cipher", "encrypted", "access_mode", "auth_enabled", "token_type"})
    void namesThatOnlyLookAlike(String name) {
        assertThat(SecretName.isSecret(name)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {
            "a://", "password", "password ", "password:", "'password', '-", "\"token\", \\'", "token\\\"", "key=", ",a",
            "x=,a", "token {", "token=(", "AQ", "Basic a", "eyJ.", "://u:p", "@:/", "<token>", "--token ", "token - ",
            "incominguser ", "PRIVATE KEY-----", "\"", "\\", " ", "aA1-", "(token', u\"", "password=\\\\\\'", "%25",
            "&amp;", "\\x5c", "<a ", "<a>", "<value>", "token\t", "token|", "mysql ",
            "token, value", "'token' '-", "password:\n  ", " -u a", "CHAP a "})
    void hostileTextTakesNoTime(String piece) { // what grows with the square takes minutes
        String text = piece.repeat((1 << 20) / piece.length());
        ThreadMXBean threads = ManagementFactory.getThreadMXBean(); // other processes may be busy too

        long before = threads.getCurrentThreadCpuTime();
        SecretText.masked(text);

        assertThat(Duration.ofNanos(threads.getCurrentThreadCpuTime() - before)).isLessThan(Duration.ofSeconds(5));
    }

    @Test
    void textWithoutSecretsIsTheSame() {
        assertThat(SecretText.masked("")).isEmpty();
        assertThat(SecretText.masked("the driver answered\n\tat line 7")).isEqualTo("the driver answered\n\tat line 7");
    }

    static List<JsonNode> corpus() throws IOException {
        try (InputStream in = SecretTextTest.class.getResourceAsStream("secret-texts.json")) {
            return JsonMapper.shared().readTree(in).valueStream().toList();
        }
    }

    static List<String> words(JsonNode list) {
        return list.valueStream().map(JsonNode::asString).toList();
    }
}
