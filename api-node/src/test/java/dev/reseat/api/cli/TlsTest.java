package dev.reseat.api.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reseat.api.rest.Api;
import dev.reseat.api.rest.NoAuth;
import dev.reseat.api.rest.RestConfig;
import dev.reseat.api.rest.RestServer;
import dev.reseat.runtime.Settings;
import dev.reseat.testing.Openssl;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The command line and an api-node that speaks TLS. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class TlsTest {
    @TempDir private static Path directory;
    private RestServer server;

    @BeforeAll
    void start() throws Exception {
        Openssl openssl = Openssl.in(directory);
        openssl.authority("authority");
        openssl.authority("stranger");
        openssl.issue("server", "IP:127.0.0.1", "-newkey", "rsa:2048");
        server = launch("");
    }

    private RestServer launch(String more) {
        var started = new RestServer(
                Settings.parse(
                        "[DEFAULT]\nosapi_volume_use_ssl = true\n[api]\nauth_strategy = noauth\nport = 0\n[ssl]\n"
                                + "cert_file = " + directory.resolve("server.pem") + "\nkey_file = "
                                + directory.resolve("server.key") + "\n" + more)
                        .checked(RestConfig::from),
                new NoAuth(), new SimpleMeterRegistry(), Set.of(routes -> routes.get(
                        Api.CINDER, "/volumes/detail", exchange -> exchange.json(200, Map.of("volumes", List.of())))));
        started.start();
        return started;
    }

    @AfterAll
    void stop() {
        server.stop();
    }

    private static CliRun list(RestServer at, Map<String, String> environment, String... options) {
        Map<String, String> all = new HashMap<>(environment);
        all.put("OS_AUTH_TYPE", "noauth");
        all.put("OS_USER_ID", "ada");
        all.put("OS_PROJECT_ID", "7c1d");
        all.put("RESEAT_ENDPOINT", "https://127.0.0.1:" + at.port());
        String[] words = new String[options.length + 2];
        words[0] = "volume";
        words[1] = "list";
        System.arraycopy(options, 0, words, 2, options.length);
        return CliRun.of(all, words);
    }

    @Test
    void aCertificateIsBelievedByWhoKnowsItsAuthority() {
        String authority = directory.resolve("authority.pem").toString();

        assertThat(list(server, Map.of("OS_CACERT", authority)).code()).isZero();
        assertThat(list(server, Map.of(), "--os-cacert", authority).code()).isZero();
        CliRun unknown = list(server, Map.of());
        assertThat(unknown.code()).isNotZero();
        assertThat(unknown.err()).contains("certification path");
        CliRun other = list(server, Map.of("OS_CACERT", directory.resolve("stranger.pem").toString()));
        assertThat(other.code()).isNotZero();
    }

    @Test
    void whoAsksForItBelievesAnyCertificate() {
        assertThat(list(server, Map.of(), "--insecure").code()).isZero();
        assertThat(list(server, Map.of("OS_INSECURE", "true")).code()).isZero();
        assertThat(list(server, Map.of("OS_INSECURE", "false")).code()).isNotZero();
    }

    @Test
    void whereClientsNeedACertificateOneWithoutIsSentAway() {
        RestServer closed = launch("ca_file = " + directory.resolve("authority.pem") + "\n");
        try {
            CliRun without = list(closed, Map.of("OS_CACERT", directory.resolve("authority.pem").toString()));

            assertThat(without.code()).isNotZero();
        } finally {
            closed.stop();
        }
    }
}
