package dev.reseat.api.rest.keystone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reseat.api.rest.Api;
import dev.reseat.api.rest.Authenticator;
import dev.reseat.api.rest.Authenticator.Decision;
import dev.reseat.api.rest.Caller;
import dev.reseat.api.rest.HttpCalls;
import dev.reseat.api.rest.HttpCalls.Answer;
import dev.reseat.api.rest.HttpFault;
import dev.reseat.api.rest.RestConfig;
import dev.reseat.api.rest.RestServer;
import dev.reseat.runtime.Settings;
import dev.reseat.testing.ManualClock;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class KeystoneAuthTest {
    private static final String LATER = "2026-11-22T12:00:00.000000Z";
    private static final String PAST = "2026-11-22T07:00:00.000000Z";

    private final ManualClock clock = new ManualClock();
    private FakeKeystone keystone;
    private KeystoneConfig config;
    private KeystoneAuth auth;

    @BeforeEach
    void start() throws IOException {
        keystone = new FakeKeystone();
        keystone.token("t-admin", "u1", "p1", LATER, "admin", "member");
        keystone.token("t-member", "u2", "p2", LATER, "member");
        keystone.token("t-old", "u3", "p3", PAST, "member");
        keystone.token("t-nova", "nova", "services", LATER, "service");
        Settings settings = Settings.parse("""
                [keystone_authtoken]
                auth_url = %s/
                www_authenticate_uri = https://keys.example.org
                username = cinder
                password = s3cret
                project_name = services
                """.formatted(keystone.url()));
        config = settings.checked(KeystoneConfig::from);
        auth = new KeystoneAuth(
                config.authUrl().orElseThrow(), config, clock,
                () -> Duration.between(Instant.EPOCH, clock.instant()).toNanos());
    }

    @AfterEach
    void stop() {
        auth.close();
        keystone.close();
    }

    @Test
    void rolesAndProjectComeFromTheToken() {
        Caller caller = known("X-Auth-Token", "t-admin");

        assertThat(caller.userId()).isEqualTo("u1");
        assertThat(caller.projectId()).contains("p1");
        assertThat(caller.admin()).isTrue();
        assertThat(caller.roles()).containsExactly("admin", "member");
        assertThat(caller.toString()).doesNotContain("t-admin");
        assertThat(known("X-Auth-Token", "t-member").admin()).isFalse();
    }

    @Test
    void headersThatOnlyTheMiddlewareMaySetAreNotBelieved() {
        Caller caller = known("X-Auth-Token", "t-member", "X-Roles", "admin", "X-Service-Roles", "service");

        assertThat(caller.admin()).isFalse();
        assertThat(caller.serviceRoles()).isEmpty();
    }

    @Test
    void ourOwnTokenIsGotWithTheConfiguredUser() {
        known("X-Auth-Token", "t-admin");

        assertThat(keystone.logins).hasSize(1);
        assertThat(keystone.logins.getFirst())
                .contains("\"name\":\"cinder\"", "\"password\":\"s3cret\"", "\"name\":\"services\"");
    }

    @Test
    void anAnswerIsBelievedForAWhile() {
        known("X-Auth-Token", "t-admin");
        known("X-Auth-Token", "t-admin");
        assertThat(keystone.questions).hasSize(1);

        clock.advance(Duration.ofSeconds(301));
        known("X-Auth-Token", "t-admin");
        assertThat(keystone.questions).hasSize(2);
    }

    @Test
    void whoSendsManyUnknownTokensDisplacesNoKnownOne() {
        known("X-Auth-Token", "t-admin");
        for (int i = 0; i < 50; i++) {
            assertDenied("X-Auth-Token", "nobody's");
            assertDenied("X-Auth-Token", "x".repeat(9_000));
        }
        assertThat(keystone.questions).hasSize(2);
        known("X-Auth-Token", "t-admin");
        assertThat(keystone.questions).hasSize(2);
    }

    @Test
    void aKnownTokenStillEndsWhenItsTimeIsOver() {
        known("X-Auth-Token", "t-admin");
        clock.advance(Duration.ofHours(12));

        assertDenied("X-Auth-Token", "t-admin");
    }

    @Test
    void whenOurOwnTokenIsWornOutWeGetAnother() {
        known("X-Auth-Token", "t-admin");
        keystone.forgetLogins();

        known("X-Auth-Token", "t-member");
        assertThat(keystone.logins).hasSize(2);
    }

    @Test
    void unknownOldAndMissingTokensAreDenied() {
        assertDenied("X-Auth-Token", "nobody's");
        assertDenied("X-Auth-Token", "t-old");
        assertDenied("X-Auth-Token", "");
        assertDenied();
    }

    @Test
    void aServiceMayPassOnATokenThatHasExpiredMeanwhile() {
        Caller caller = known("X-Auth-Token", "t-old", "X-Service-Token", "t-nova");

        assertThat(caller.userId()).isEqualTo("u3");
        assertThat(caller.serviceRoles()).containsExactly("service");
        assertThat(keystone.questions).contains("t-old nocatalog&allow_expired=1");
        assertDenied("X-Auth-Token", "t-old", "X-Service-Token", "t-member");
    }

    @Test
    void aServiceTokenThatIsNoneSpoilsTheRequest() {
        assertDenied("X-Auth-Token", "t-admin", "X-Service-Token", "nobody's");
    }

    @Test
    void aKeystoneThatFailsIsNotTakenForANo() {
        keystone.broken = true;

        assertThatThrownBy(() -> auth.decide(headers("X-Auth-Token", "t-admin")))
                .isInstanceOfSatisfying(HttpFault.class, fault -> assertThat(fault.status()).isEqualTo(503));
        keystone.broken = false;
        known("X-Auth-Token", "t-admin");
    }

    @Test
    void whoMayNotIsToldWhichRuleForbidsIt() {
        RestConfig rest = RestConfig.from(Settings.parse("[api]\nport = 0"));
        var server = new RestServer(
                rest,
                auth,
                new SimpleMeterRegistry(),
                Set.of(routes -> routes.get(Api.CINDER, "/admin", exchange -> {
                    exchange.authorize("volume_extension:volume_admin_actions:reset_status");
                    exchange.json(200, Map.of());
                })));
        server.start();
        try (var http = new HttpCalls(server.port())) {
            Answer denied = http.get("/v3/admin");
            assertThat(denied.status()).isEqualTo(401);
            assertThat(denied.header("WWW-Authenticate")).isEqualTo("Keystone uri=\"https://keys.example.org\"");
            assertThat(denied.json().path("error").path("message").stringValue())
                    .isEqualTo("The request you have made requires authentication.");
            assertThat(http.get("/v3/admin", "X-Auth-Token", "t-member").message("forbidden"))
                    .isEqualTo("Policy doesn't allow volume_extension:volume_admin_actions:reset_status to be"
                            + " performed.");
            assertThat(http.get("/v3/admin", "X-Auth-Token", "t-admin").status()).isEqualTo(200);
        } finally {
            server.stop();
        }
    }

    private Caller known(String... headers) {
        return ((Decision.Known) auth.decide(headers(headers))).caller();
    }

    private void assertDenied(String... headers) {
        assertThat(auth.decide(headers(headers)))
                .isEqualTo(new Decision.Denied("Keystone uri=\"https://keys.example.org\""));
    }

    private static Authenticator.Headers headers(String... pairs) {
        Map<String, String> values = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (int i = 0; i < pairs.length; i += 2) {
            values.put(pairs[i].toLowerCase(Locale.ROOT), pairs[i + 1]);
        }
        return name -> Optional.ofNullable(values.get(name));
    }
}
