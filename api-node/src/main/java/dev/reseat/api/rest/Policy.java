package dev.reseat.api.rest;

import dev.reseat.rpc.RequestContext;
import java.util.Set;

/** Who may do what. Whose things one sees is the services' concern; here stands what only administrators may do. */
public final class Policy {
    private static final Set<String> WRITERS = Set.of("member", "manager", "admin", "service");

    private Policy() {}

    /**
     * Lets everybody pass who may change things in his project: members, administrators, and services. Readers may not.
     *
     * @param rule the name OpenStack's policy files know it by
     * @throws HttpFault 403 in Cinder's words
     */
    public static void mayChange(RequestContext context, String rule) {
        if (!context.isAdmin() && context.roles().stream().noneMatch(WRITERS::contains)) {
            throw refusal(rule);
        }
    }

    /**
     * Lets administrators pass.
     *
     * @param rule the name OpenStack's policy files know it by
     * @throws HttpFault 403 in Cinder's words
     */
    public static void adminOnly(RequestContext context, String rule) {
        if (!context.isAdmin()) {
            throw refusal(rule);
        }
    }

    private static HttpFault refusal(String rule) {
        return new HttpFault(403, "Policy doesn't allow " + rule + " to be performed.");
    }
}
