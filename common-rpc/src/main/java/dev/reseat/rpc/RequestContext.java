package dev.reseat.rpc;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.AbstractMap;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Who asks, in which project, under which request id: the serialized request context of oslo.context, as it travels in
 * the {@code _context_*} keys of a message. Keys this class does not know are kept and passed on.
 *
 * @param values JSON values as Java objects: String, Boolean, Number, List, Map or null
 */
public record RequestContext(Map<String, Object> values) {
    private static final Set<String> HARMLESS = Set.of(
            "user_id", "project_id", "domain_id", "user_domain_id", "project_domain_id", "is_admin", "request_id",
            "roles",
            "user_name", "project_name", "domain_name", "user_domain_name", "project_domain_name", "service_user_id",
            "service_user_domain_id", "service_user_domain_name", "service_project_id", "service_project_name",
            "service_project_domain_id", "service_project_domain_name", "service_roles", "global_request_id",
            "system_scope", "user", "domain", "user_domain", "project_domain");

    /** The one form Nova reads; fewer digits of a fraction, or more, are a ValueError there on every request. */
    private static final DateTimeFormatter TIMESTAMP =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS", Locale.ROOT).withZone(ZoneOffset.UTC);

    public RequestContext {
        values = values instanceof ReadOnly ? values : new ReadOnly(new LinkedHashMap<>(values));
    }

    /** A context of these values without a copy: nobody else may keep the map. */
    public static RequestContext owning(Map<String, Object> values) {
        return new RequestContext(new ReadOnly(values));
    }

    /** A context with every key that Nova and Cinder expect of a peer, for the given user and project. */
    public static RequestContext of(String userId, String projectId, boolean admin, String requestId) {
        return of(userId, projectId, admin, requestId, Instant.now());
    }

    static RequestContext of(String userId, String projectId, boolean admin, String requestId, Instant now) {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("user", userId);
        values.put("project_id", projectId);
        values.put("user_id", userId);
        values.put("is_admin", admin);
        values.put("read_only", false);
        values.put("show_deleted", false);
        values.put("auth_token", null);
        values.put("request_id", requestId);
        values.put("global_request_id", null);
        values.put("resource_uuid", null);
        values.put("roles", admin ? List.of("admin") : List.of());
        values.put("is_admin_project", true);
        values.put("read_deleted", "no");
        values.put("remote_address", null);
        values.put("timestamp", TIMESTAMP.format(now));
        values.put("quota_class", null);
        values.put("service_catalog", List.of());
        return new RequestContext(values);
    }

    /** A service's own context: an administrator without user or project, as {@code get_admin_context()} makes it. */
    public static RequestContext admin() {
        return of(null, null, true, newRequestId());
    }

    public static String newRequestId() {
        return "req-" + UUID.randomUUID();
    }

    public RequestContext with(String key, Object value) {
        Map<String, Object> changed = new LinkedHashMap<>(values);
        changed.put(key, value);
        return new RequestContext(changed);
    }

    /**
     * What of it may appear in notifications: who asks, never tokens, service catalogs or what is not known to be
     * harmless ({@code _sanitize_context} upstream).
     */
    public RequestContext redacted() {
        Map<String, Object> harmless = new LinkedHashMap<>(values);
        harmless.keySet().retainAll(HARMLESS);
        return new RequestContext(harmless);
    }

    /**
     * What log lines say of a request: its ids, user and project, as far as it has them, and the trace this runs in.
     */
    public Map<String, String> logFields() {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("request_id", requestId().orElse("-"));
        globalRequestId().ifPresent(id -> fields.put("global_request_id", id));
        userId().ifPresent(id -> fields.put("user_id", id));
        projectId().ifPresent(id -> fields.put("project_id", id));
        TraceContext.current().ifPresent(trace -> fields.put("trace_id", trace.traceId()));
        return fields;
    }

    /** The id that the first service of a chain was asked under. */
    public Optional<String> globalRequestId() {
        return text("global_request_id");
    }

    /** Names of the user's roles in the project. */
    public List<String> roles() {
        return values.get("roles") instanceof List<?> roles
                ? roles.stream().filter(String.class::isInstance).map(String.class::cast).toList()
                : List.of();
    }

    public Optional<String> requestId() {
        return text("request_id");
    }

    public Optional<String> userId() {
        return text("user_id");
    }

    public Optional<String> projectId() {
        return text("project_id");
    }

    public boolean isAdmin() {
        return Boolean.TRUE.equals(values.get("is_admin"));
    }

    private Optional<String> text(String key) {
        return values.get(key) instanceof String text ? Optional.of(text) : Optional.empty();
    }

    /** Nobody changes it any more. */
    private static final class ReadOnly extends AbstractMap<String, Object> {
        private final Map<String, Object> values;

        ReadOnly(Map<String, Object> values) {
            this.values = Collections.unmodifiableMap(values);
        }

        @Override
        public Set<Entry<String, Object>> entrySet() {
            return values.entrySet();
        }

        @Override
        public Object get(Object key) {
            return values.get(key);
        }

        @Override
        public boolean containsKey(Object key) {
            return values.containsKey(key);
        }
    }

    /** Says the request id only: contexts carry tokens. */
    @Override
    public String toString() {
        return "RequestContext[" + requestId().orElse("-") + "]";
    }
}
