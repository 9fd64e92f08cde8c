package dev.reseat.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reseat.testing.SecretTexts;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SecretsTest {
    @ParameterizedTest
    @MethodSource("dev.reseat.testing.SecretTexts#all")
    void noShapeOfASecretIsSeenWhereverItStands(String text) {
        assertThat(Secrets.maskedText(text)).doesNotContain(SecretTexts.SECRET);
        assertThat(Secrets.masked(Map.of("detail", List.of(Map.of("stderr", text)))).toString())
                .doesNotContain(SecretTexts.SECRET);
    }

    @Test
    void chapSecretsAreHiddenAndTheirNeighboursAreNot() {
        var shown = Secrets.masked(Map.of(
                "driver_volume_type", "iscsi",
                "data", Map.of("auth_username", "u", "auth_password", "p", "target_lun", 0, "encrypted", false)));

        assertThat(shown)
                .isEqualTo(Map.of(
                        "driver_volume_type", "iscsi",
                        "data",
                        Map.of("auth_username", "u", "auth_password", "***", "target_lun", 0, "encrypted", false)));
    }

    @Test
    void keyringsAreHiddenAndTheNamesOfSecretsAreNot() {
        assertThat(Secrets.masked(Map.of("keyring", "[client.x]\nkey=AQ", "secret_uuid", "u", "hosts", List.of("a"))))
                .isEqualTo(Map.of("keyring", "***", "secret_uuid", "u", "hosts", List.of("a")));
    }

    @Test
    void jsonTextKeepsItsOrder() {
        assertThat(Secrets.maskedJson("{\"b\": 1, \"Auth_Password\": \"p\", \"a\": [{\"token\": 7}], \"n\": null}"))
                .isEqualTo("{\"b\":1,\"Auth_Password\":\"***\",\"a\":[{\"token\":\"***\"}],\"n\":null}");
    }

    @Test
    void jsonInsideTextIsMaskedToo() {
        assertThat(Secrets.masked(Map.of("connection_info", "{\"data\": {\"auth_password\": \"p\"}}")))
                .isEqualTo(Map.of("connection_info", "{\"data\":{\"auth_password\":\"***\"}}"));
    }

    @Test
    void damagedJsonIsMaskedAsTheTextItIs() {
        assertThat(Secrets.maskedJson("{\"auth_password\": \"p")).isEqualTo("{\"auth_password\": \"***");
        assertThat(Secrets.maskedJson("{u'auth_password': u'p', u'a': 1}"))
                .isEqualTo("{u'auth_password': u'***', u'a': 1}");
        assertThat(Secrets.masked(Map.of("portal", "[fd00::1]:3260"))).isEqualTo(Map.of("portal", "[fd00::1]:3260"));
    }

    @Test
    void jsonWithBlanksBehindTheBracketIsStillJson() {
        assertThat(Secrets.maskedText(" [ { \"auth_password\" : [\"p\"] } ]"))
                .isEqualTo("[{\"auth_password\":\"***\"}]");
    }

    @Test
    void wordsOfACommandAreHiddenByTheOptionBeforeThem() {
        var words = List.of("iscsiadm", "-n", "node.session.auth.password", "-v", "p", "--password", "q", "-p", "h");

        assertThat(Secrets.masked(Map.of("command", words)))
                .isEqualTo(Map.of("command", List.of(
                        "iscsiadm", "-n", "node.session.auth.password", "-v", "***", "--password", "***", "-p", "h")));
    }

    @Test
    void pairsAreJudgedByTheirName() {
        assertThat(Secrets.masked(Map.of("options", List.of(
                Map.of("name", "auth_password", "value", "p"), Map.of("key", "readonly", "value", "True")))))
                .isEqualTo(Map.of("options", List.of(
                        Map.of("name", "auth_password", "value", "***"),
                        Map.of("key", "readonly", "value", "True"))));
        assertThat(Secrets.masked(Map.of("key", "AQ", "keyring", List.of(1))))
                .isEqualTo(Map.of("key", "***", "keyring", "***"));
    }

    @Test
    void passwordsLeaveUrls() {
        assertThat(Secrets.masked(Map.of("export", "cifs://user:pw@host/share, x://h:1/p")))
                .isEqualTo(Map.of("export", "cifs://user:***@host/share, x://h:1/p"));
    }

    @Test
    void anAbsentSecretIsShownAsAbsent() {
        var values = new LinkedHashMap<String, Object>();
        values.put("keyring", null);
        values.put("list", new ArrayList<>(values.values()));

        assertThat(Secrets.masked(values)).containsEntry("keyring", null);
    }
}
