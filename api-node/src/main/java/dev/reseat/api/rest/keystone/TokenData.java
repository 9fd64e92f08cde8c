package dev.reseat.api.rest.keystone;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What Keystone says of a token: the {@code token} of {@code GET /v3/auth/tokens}, the part that matters here. */
record TokenData(
        User user,
        Optional<Project> project,
        Optional<Domain> domain,
        Optional<SystemScope> system,
        Optional<Boolean> isAdminProject,
        List<Role> roles,
        Instant expiresAt) {
    TokenData {
        roles = roles == null ? List.of() : List.copyOf(roles);
    }

    /** Whether the token is for the whole cloud, and for nobody's project. */
    boolean isSystemWide() {
        return system.flatMap(SystemScope::all).orElse(false);
    }

    /**
     * Where Keystone names one project as that of the administrators, {@code admin} elsewhere rules only that project.
     */
    boolean isOfAdminProject() {
        return isAdminProject.orElse(true);
    }

    List<String> roleNames() {
        return roles.stream().map(Role::name).toList();
    }

    /** @param domain the user's */
    record User(String id, String name, Domain domain) {}

    /** @param domain the project's */
    record Project(String id, String name, Domain domain) {}

    record Domain(String id, String name) {}

    /** @param all the only system there is */
    record SystemScope(Optional<Boolean> all) {}

    record Role(String name) {}

    /** The body it comes in. */
    record Envelope(TokenData token) {}
}
