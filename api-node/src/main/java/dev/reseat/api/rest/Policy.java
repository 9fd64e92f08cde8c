package dev.reseat.api.rest;

import dev.reseat.rpc.RequestContext;

/** Who may do what. Whose things one sees is the services' concern; here stands what only administrators may do. */
public final class Policy {
    private Policy() {}

    /**
     * Lets administrators pass.
     *
     * @param rule the name OpenStack's policy files know it by
     * @throws HttpFault 403 in Cinder's words
     */
    public static void adminOnly(RequestContext context, String rule) {
        if (!context.isAdmin()) {
            throw new HttpFault(403, "Policy doesn't allow " + rule + " to be performed.");
        }
    }
}
