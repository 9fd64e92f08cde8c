package dev.reseat.api.service;

import dev.reseat.rpc.RequestContext;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Set;

/**
 * Whether a request comes from another service on its own behalf: it sent a service token that has one of these roles.
 *
 * @param names {@code [keystone_authtoken] service_token_roles}, as with Cinder
 */
public record ServiceRole(Set<String> names) {
    /** The one that Keystone's settings have where they say nothing. */
    @Inject
    public ServiceRole() {
        this(Set.of("service"));
    }

    public ServiceRole {
        names = Set.copyOf(names);
    }

    boolean has(RequestContext context) {
        return context.values().get("service_roles") instanceof List<?> roles
                && roles.stream().anyMatch(role -> role instanceof String name && names.contains(name));
    }
}
