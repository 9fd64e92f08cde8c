package dev.reseat.api.rest;

import dev.reseat.rpc.RequestContext;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Who asks, and what he may do.
 *
 * @param serviceRoles roles of the service that passes the request on, if one does
 * @param adminProject whether Keystone counts the token's project as one of administrators
 * @param token secret; peers that act for the caller need it
 * @param names names and domains, under the keys of oslo.context
 */
public record Caller(
        String userId,
        Optional<String> projectId,
        List<String> roles,
        List<String> serviceRoles,
        boolean admin,
        boolean adminProject,
        String token,
        Map<String, String> names) {
    public Caller {
        roles = List.copyOf(roles);
        serviceRoles = List.copyOf(serviceRoles);
        names = Map.copyOf(names);
    }

    RequestContext context(String requestId, Optional<String> globalRequestId, String remoteAddress) {
        RequestContext context = RequestContext.of(userId, projectId.orElse(null), admin, requestId);
        Map<String, Object> values = new LinkedHashMap<>(context.values());
        values.put("roles", roles);
        values.put("is_admin_project", adminProject);
        values.put("service_roles", serviceRoles);
        values.put("auth_token", token);
        values.put("global_request_id", globalRequestId.orElse(null));
        values.put("remote_address", remoteAddress);
        values.putAll(names);
        return new RequestContext(values);
    }

    /** Who, never the token. */
    @Override
    public String toString() {
        return "Caller[" + userId + " in " + projectId.orElse("-") + "]";
    }
}
