package dev.reseat.api.rest;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Believes everybody, and takes everybody for an administrator: for development only. The token is {@code user:project}
 * or {@code user}; who sends none is offered one. Follows {@code cinder.api.middleware.auth.NoAuthMiddleware}.
 */
public final class NoAuth implements Authenticator {
    @Override
    public Decision decide(Headers headers) {
        Optional<String> token = headers.header("X-Auth-Token");
        if (token.isEmpty()) {
            return new Decision.Offered(headers.header("X-Auth-User").orElse("admin") + ":"
                    + headers.header("X-Auth-Project-Id").orElse("admin"));
        }
        String[] parts = token.get().split(":", 2);
        String project = parts.length == 2 && !parts[1].isEmpty() ? parts[1] : parts[0];
        List<String> roles = new ArrayList<>(roles(headers, "X-Roles"));
        if (!roles.contains("admin")) {
            roles.add("admin");
        }
        return new Decision.Known(new Caller(
                parts[0],
                Optional.of(project),
                roles,
                roles(headers, "X-Service-Roles"),
                true,
                true,
                token.get(),
                Map.of()));
    }

    private static List<String> roles(Headers headers, String name) {
        return headers.header(name)
                .stream()
                .flatMap(list -> Stream.of(list.split(",")))
                .map(String::strip)
                .filter(role -> !role.isEmpty())
                .toList();
    }
}
