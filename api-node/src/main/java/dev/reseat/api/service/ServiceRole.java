package dev.reseat.api.service;

import dev.reseat.rpc.RequestContext;
import java.util.List;

/**
 * Whether a request comes from another service on its own behalf: it sent a service token with role {@code service}.
 */
final class ServiceRole {
    private ServiceRole() {}

    static boolean has(RequestContext context) {
        return context.values().get("service_roles") instanceof List<?> roles && roles.contains("service");
    }
}
