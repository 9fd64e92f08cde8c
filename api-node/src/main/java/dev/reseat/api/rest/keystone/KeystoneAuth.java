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
import java.util.function.LongSupplier;

/**
 * Believes tokens that Keystone believes. Follows {@code keystonemiddleware.auth_token}: an invalid service token
 * spoils the request, and one with a service role lets an expired user token pass. Administrator is who has the role
 * {@code admin}, in the project of the administrators where Keystone names one, or for the whole system.
 */
public final class KeystoneAuth implements Authenticator, AutoCloseable {
    /** Of good ones, and of others: whoever sends many of these displaces none of those. */
    private static final int MOST_TOKENS = 20_000;

    /** Longer than Keystone makes any. */
    private static final int LONGEST_TOKEN = 8 * 1024;

    private final KeystoneConfig config;
    private final IdentityClient identity;
    private final InstantSource clock;
    private final LongSupplier nanos;
    private final Cache<String, Good> good;
    private final Cache<String, Boolean> none;
    private final Decision.Denied denied;

    /** @param until when it ends, on the clock that nobody sets */
    private record Good(TokenData data, long until) {}

    /**
     * @param clock what a token's end is compared with when Keystone tells of it
     * @param nanos the monotonic clock that time goes by from then on
     * @throws IllegalArgumentException if the certificates cannot be used
     */
    public KeystoneAuth(URI authUrl, KeystoneConfig config, InstantSource clock, LongSupplier nanos) {
        this.config = config;
        this.identity = new IdentityClient(authUrl, config);
        this.clock = clock;
        this.nanos = nanos;
        this.good = cache();
        this.none = cache();
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

    private <V> Cache<String, V> cache() {
        return Caffeine.newBuilder()
                .expireAfterWrite(config.cacheTime().isPositive() ? config.cacheTime() : Duration.ZERO)
                .maximumSize(MOST_TOKENS)
                .ticker(nanos::getAsLong)
                .build();
    }

    private Optional<TokenData> valid(String token, boolean allowExpired) {
        if (token.isEmpty() || token.length() > LONGEST_TOKEN) {
            return Optional.empty();
        }
        String key = allowExpired + digest(token);
        if (none.getIfPresent(key) != null) {
            return Optional.empty();
        }
        Optional<Good> known = Optional.ofNullable(good.getIfPresent(key)).or(() -> asked(key, token, allowExpired));
        return known.filter(one -> allowExpired || one.until() - nanos.getAsLong() > 0).map(Good::data);
    }

    private Optional<Good> asked(String key, String token, boolean allowExpired) {
        Optional<Good> answer = identity.validate(token, allowExpired).map(this::good);
        answer.ifPresentOrElse(one -> good.put(key, one), () -> none.put(key, true));
        return answer;
    }

    private Good good(TokenData data) {
        Duration left = Duration.between(clock.instant(), data.expiresAt());
        // of a token without end, half of all nanoseconds are left
        long until = left.compareTo(Duration.ofNanos(Long.MAX_VALUE / 2)) < 0 ? left.toNanos() : Long.MAX_VALUE / 2;
        return new Good(data, nanos.getAsLong() + until);
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
