package dev.reseat.api.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reseat.api.rest.HttpCalls.Answer;
import dev.reseat.runtime.Settings;
import dev.reseat.runtime.SettingsException;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whether what a proxy says of a request is believed. */
class TrustedProxiesTest {
    private static RestConfig config(String parsing, String trusted) {
        return Settings.parse("[api]\nauth_strategy = noauth\nport = 0\ntrusted_proxies = " + trusted
                + "\n[oslo_middleware]\nenable_proxy_headers_parsing = " + parsing).checked(RestConfig::from);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "true  | 127.0.0.1           | https://volumes.example.org | 203.0.113.7",
            "true  | 192.0.2.1,127.0.0.0/8 | https://volumes.example.org | 203.0.113.7",
            "true  | 192.0.2.0/24        | http://127.0.0.1            | 127.0.0.1",
            "true  | ''                  | http://127.0.0.1            | 127.0.0.1",
            "true  | 2001:db8::/32       | http://127.0.0.1            | 127.0.0.1",
            "false | 127.0.0.1           | http://127.0.0.1            | 127.0.0.1"
    })
    void onlyTheHeadersOfATrustedProxyAreBelieved(String parsing, String trusted, String base, String address) {
        var server = new RestServer(
                config(parsing, trusted), new NoAuth(), new SimpleMeterRegistry(),
                Set.of(routes -> routes.get(Api.CINDER, "/where", exchange -> exchange.json(200, Map.of(
                        "base", exchange.base().replaceFirst(":\\d+$", ""),
                        "address", exchange.context().values().get("remote_address"))))));
        server.start();
        try (var http = new HttpCalls(server.port(), "X-Auth-Token", "u:p")) {
            Answer answer = http.get("/v3/where", "X-Forwarded-For", "203.0.113.7", "X-Forwarded-Proto", "https",
                    "X-Forwarded-Host", "volumes.example.org");

            assertThat(answer.json().path("base").stringValue()).isEqualTo(base);
            assertThat(answer.json().path("address").stringValue()).isEqualTo(address);
        } finally {
            server.stop();
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "203.0.113.7                              | 203.0.113.7",
            "198.51.100.9, 203.0.113.7                | 203.0.113.7",
            "198.51.100.9, 203.0.113.7, 10.0.0.3      | 203.0.113.7",
            "198.51.100.9, 203.0.113.7:4711, 10.0.0.3 | 203.0.113.7",
            "10.0.0.4, 10.0.0.3                       | 10.0.0.4",
            "203.0.113.7, dead.beef, 10.0.0.3         | dead.beef"
    })
    void theCallerIsTheLastWhoIsNoProxy(String chain, String address) {
        var server = new RestServer(
                config("true", "127.0.0.0/8, 10.0.0.0/8"), new NoAuth(), new SimpleMeterRegistry(),
                Set.of(routes -> routes.get(Api.CINDER, "/where", exchange -> exchange.json(200, Map.of(
                        "address", exchange.context().values().get("remote_address"))))));
        server.start();
        try (var http = new HttpCalls(server.port(), "X-Auth-Token", "u:p")) {
            Answer answer = http.get("/v3/where", "X-Forwarded-For", chain);

            assertThat(answer.json().path("address").stringValue()).isEqualTo(address);
        } finally {
            server.stop();
        }
    }

    @ParameterizedTest
    @CsvSource({"proxy.example.org", "10.0.0.0/33", "10.0.0.0/x"})
    void whatIsNoNetworkIsRefused(String trusted) {
        assertThatThrownBy(() -> config("true", trusted)).isInstanceOf(SettingsException.class)
                .hasMessageContaining("trusted_proxies");
    }
}
