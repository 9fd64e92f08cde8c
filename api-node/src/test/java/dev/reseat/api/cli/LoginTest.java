package dev.reseat.api.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reseat.api.rest.json.RestJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What Keystone is sent, by variables and files as python-openstackclient has them. */
final class LoginTest {
    private static final Map<String, String> OPENRC = Map.of(
            "OS_AUTH_URL", "http://keys:5000", "OS_USERNAME", "joe", "OS_PASSWORD", "pw", "OS_PROJECT_NAME", "demo",
            "OS_USER_DOMAIN_NAME", "Default", "OS_PROJECT_DOMAIN_ID", "default");

    @TempDir private Path home;

    private static String sent(Map<String, String> environment, String... more) {
        Map<String, String> all = new HashMap<>(environment);
        for (int i = 0; i < more.length; i += 2) {
            all.put(more[i], more[i + 1]);
        }
        return RestJson.mapper().writeValueAsString(new Login(all, Map.of()).auth());
    }

    @Test
    void anOpenrcFileIsAPasswordForAProject() {
        assertThat(sent(OPENRC))
                .isEqualTo("{\"auth\":{\"identity\":{\"methods\":[\"password\"],\"password\":{\"user\":{"
                        + "\"name\":\"joe\",\"domain\":{\"name\":\"Default\"},\"password\":\"pw\"}}},"
                        + "\"scope\":{\"project\":{"
                        + "\"name\":\"demo\",\"domain\":{\"id\":\"default\"}}}}}");
    }

    @Test
    void scopesAreTheWholeSystemATrustADomainOrNothing() {
        Map<String, String> bare = Map.of("OS_USER_ID", "u1", "OS_PASSWORD", "pw");

        assertThat(sent(bare, "OS_SYSTEM_SCOPE", "all")).contains("\"scope\":{\"system\":{\"all\":true}}");
        assertThat(sent(bare, "OS_TRUST_ID", "t1")).contains("\"scope\":{\"OS-TRUST:trust\":{\"id\":\"t1\"}}");
        assertThat(sent(bare, "OS_DOMAIN_NAME", "d")).contains("\"scope\":{\"domain\":{\"name\":\"d\"}}");
        assertThat(sent(bare, "OS_TENANT_ID", "p1")).contains("\"scope\":{\"project\":{\"id\":\"p1\"}}");
        assertThat(sent(bare)).doesNotContain("scope");
    }

    @Test
    void anApplicationCredentialHasItsOwnScope() {
        assertThat(sent(OPENRC, "OS_APPLICATION_CREDENTIAL_ID", "c1", "OS_APPLICATION_CREDENTIAL_SECRET", "s"))
                .contains("\"application_credential\":{\"secret\":\"s\",\"id\":\"c1\"}")
                .doesNotContain("scope");
        assertThat(sent(OPENRC, "OS_APPLICATION_CREDENTIAL_NAME", "n", "OS_APPLICATION_CREDENTIAL_SECRET", "s"))
                .contains("\"user\":{\"name\":\"joe\",\"domain\":{\"name\":\"Default\"}}");
    }

    @Test
    void otherWaysAreATokenOrAOneTimePassword() {
        assertThat(sent(OPENRC, "OS_TOKEN", "t")).contains("\"methods\":[\"token\"],\"token\":{\"id\":\"t\"}");
        assertThat(sent(OPENRC, "OS_AUTH_TYPE", "v3totp", "OS_PASSCODE", "123456"))
                .contains("\"totp\":{\"user\":{\"name\":\"joe\"", "\"passcode\":\"123456\"");
        assertThatThrownBy(() -> sent(OPENRC, "OS_AUTH_TYPE", "v3oidcpassword")).isInstanceOf(UsageError.class)
                .hasMessageContaining("v3oidcpassword");
    }

    @Test
    void whatIsMissingIsNamed() {
        assertThatThrownBy(() -> sent(Map.of("OS_USERNAME", "joe"))).isInstanceOf(UsageError.class)
                .hasMessageContaining("OS_PASSWORD");
    }

    @Test
    void variablesGoBeforeACloudAndItsSecretsAreBesideIt() throws IOException {
        Path folder = Files.createDirectories(home.resolve(".config/openstack"));
        Files.writeString(folder.resolve("clouds.yaml"), """
                clouds:
                  mine:
                    auth:
                      auth_url: https://keys.example.org/v3/
                      username: ann
                      project_id: 12345678
                    region_name: two
                    verify: false
                """);
        Files.writeString(folder.resolve("secure.yaml"), "clouds: {mine: {auth: {password: pw}}}");
        Map<String, String> environment = Map.of("HOME", home.toString(), "OS_USERNAME", "joe");

        Login login = new Login(environment, CloudsFile.cloud("mine", environment));

        assertThat(login.authUrl()).hasToString("https://keys.example.org/v3");
        assertThat(login.value("username")).contains("joe");
        assertThat(login.value("password")).contains("pw");
        assertThat(login.value("project_id")).contains("12345678");
        assertThat(login.value("region_name")).contains("two");
        assertThat(login.value("verify")).contains("false");
        assertThatThrownBy(() -> CloudsFile.cloud("other", environment)).isInstanceOf(UsageError.class)
                .hasMessageContaining("no cloud 'other'");
    }
}
