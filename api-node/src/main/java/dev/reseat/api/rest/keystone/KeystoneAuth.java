package dev.reseat.api.rest.keystone;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.reseat.api.rest.Authenticator;
import dev.reseat.api.rest.Caller;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Believes tokens that Keystone believes. Follows {@code keystonemiddleware.auth_token}: an invalid service token
 * spoils the request, and one with a service role lets an expired user token pass. Administrator is who has the role
 * {@code admin}, in the project of the administrators where Keystone names one, or for the whole system.
 */
public final class KeystoneAuth implements Authenticator, AutoCloseable {
    private static final int MOST_TOKENS = 20_000;

    private final KeystoneConfig config;
    private final IdentityClient identity;
    private final InstantSource clock;
    private final Cache<String, Optional<TokenData>> answers;
    private final Decision.Denied denied;

    /** @throws IllegalArgumentException if the certificates cannot be used */
    public KeystoneAuth(URI authUrl, KeystoneConfig config, InstantSource clock) {
        this.config = config;
        this.identity = new IdentityClient(authUrl, config);
        this.clock = clock;
        Duration kept = config.cacheTime().isPositive() ? config.cacheTime() : Duration.ZERO;
        this.answers = Caffeine.newBuilder()
                .expireAfterWrite(kept)
                .maximumSize(MOST_TOKENS)
                .ticker(() -> clock.millis() * 1_000_000)
                .build();
        this.denied = new Decision.Denied("Keystone uri=\"" + config.publicUri().orElse(authUrl.toString()) + "\"");
    }

    @Override
    public Decision decide(Headers headers) {
        List<String> serviceRoles = List.of();
        Optional<String> serviceToken = headers.header("X-Service-Token").map(String::strip);
        if (serviceToken.isPresent()) {
            Optional<TokenData> service = valid(serviceToken.get(), false);
            if (service.isEmpty()) {
                return denied;
            }
            serviceRoles = service.get().roleNames();
        }
        boolean allowExpired = serviceRoles.stream().anyMatch(config.serviceTokenRoles()::contains);
        Optional<String> token =
                headers.header("X-Auth-Token").or(() -> headers.header("X-Storage-Token")).map(String::strip);
        Optional<TokenData> user = token.filter(text -> !text.isEmpty()).flatMap(text -> valid(text, allowExpired));
        if (user.isEmpty()) {
            return denied;
        }
        return new Decision.Known(caller(user.get(), serviceRoles, token.orElseThrow()));
    }

    @Override
    public void close() {
        identity.close();
    }

    private Optional<TokenData> valid(String token, boolean allowExpired) {
        String key = allowExpired + digest(token);
        Optional<TokenData> known = answers.getIfPresent(key);
        if (known == null) {
            known = identity.validate(token, allowExpired);
            answers.put(key, known);
        }
        return known.filter(data -> allowExpired || data.expiresAt().isAfter(clock.instant()));
    }

    private static Caller caller(TokenData token, List<String> serviceRoles, String text) {
        Map<String, String> names = new LinkedHashMap<>();
        token.project().ifPresent(project -> {
            names.put("project_name", project.name());
            names.put("project_domain", project.domain().id());
        });
        names.put("user_domain", token.user().domain().id());
        token.domain().ifPresent(domain -> names.put("domain", domain.id()));
        if (token.isSystemWide()) {
            names.put("system_scope", "all");
        }
        return new Caller(
                token.user().id(),
                token.project().map(TokenData.Project::id),
                token.roleNames(),
                serviceRoles,
                token.roleNames().contains("admin") && token.isOfAdminProject(),
                token.isOfAdminProject(),
                text,
                names);
    }

    /** Tokens are not kept in memory longer than needed. */
    private static String digest(String token) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash);
        } catch (NoSuchAlgorithmException everyJdkHasIt) {
            throw new IllegalStateException(everyJdkHasIt);
        }
    }
}
