package dev.reseat.api.rest.schema;

import dev.reseat.api.rest.HttpFault;
import dev.reseat.api.service.Force;
import dev.reseat.api.service.StateRequest;
import dev.reseat.contract.volume.ResetStatus;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * The object that says what to reset a volume to: Cinder's {@code os-reset_status}, and beside its three keys
 * {@code force} ({@code true}, or a list of grades) and {@code reason}. Follows
 * {@code cinder.api.validation.validators}.
 */
public final class StateBody {
    private static final List<String> FORCES = Arrays.stream(Force.values()).map(Force::text).toList();

    private static final String STATUS = "status";
    private static final String ATTACH_STATUS = "attach_status";
    private static final String MIGRATION_STATUS = "migration_status";
    private static final String FORCE = "force";
    private static final String REASON = "reason";

    private StateBody() {}

    /**
     * What the object must look like.
     *
     * @param others keys that are allowed too
     */
    public static Schema schema(Map<String, Schema> others) {
        Map<String, Schema> properties = new LinkedHashMap<>();
        properties.put(STATUS, word("Volume status", ResetStatus.STATUSES, PythonText.tuple(ResetStatus.STATUSES)));
        properties.put(ATTACH_STATUS, word("Volume attach status", StateRequest.ATTACH_STATUSES,
                PythonText.list(StateRequest.ATTACH_STATUSES)));
        properties.put(
                MIGRATION_STATUS,
                word("Volume migration status", StateRequest.MIGRATION_STATUSES,
                        PythonText.tuple(StateRequest.MIGRATION_STATUSES)));
        properties.put(FORCE, Schema.type("boolean", "array", "null").and(StateBody::checkForce));
        properties.put(REASON, Schema.type("string", "null"));
        properties.putAll(others);
        return Schema.type("object")
                .and(StateBody::checkAny)
                .properties(properties)
                .only(properties.keySet());
    }

    /** The request in an object that has been validated. */
    public static StateRequest read(JsonNode body) {
        return new StateRequest(
                text(body, STATUS),
                text(body, ATTACH_STATUS),
                text(body, MIGRATION_STATUS),
                force(body.path(FORCE)),
                body.path(REASON).stringValueOpt());
    }

    private static Schema word(String what, Collection<String> words, String printed) {
        return Schema.type("string", "null").and(value -> {
            if (!isEmpty(value) && !words.contains(value.stringValue().toLowerCase(Locale.ROOT))) {
                throw HttpFault.badRequest(
                        what + ": " + value.stringValue() + " is invalid, valid statuses are: " + printed + ".");
            }
        });
    }

    private static void checkAny(JsonNode body) {
        if (isEmpty(body.path(STATUS)) && isEmpty(body.path(ATTACH_STATUS)) && isEmpty(body.path(MIGRATION_STATUS))) {
            throw HttpFault.badRequest("Must specify 'status', 'attach_status' or 'migration_status' for update.");
        }
    }

    private static void checkForce(JsonNode value) {
        for (JsonNode grade : value) {
            if (!grade.isString() || Force.parse(grade.stringValue()).isEmpty()) {
                throw HttpFault.badRequest(
                        "Force: " + PythonText.shown(grade) + " is invalid, valid grades are: "
                                + PythonText.list(FORCES)
                                + ".");
            }
        }
    }

    private static Set<Force> force(JsonNode value) {
        if (value.isBoolean()) {
            return value.booleanValue() ? EnumSet.of(Force.IGNORE_DRIVER_ERROR) : Set.of();
        }
        Set<Force> grades = new LinkedHashSet<>();
        value.forEach(grade -> Force.parse(grade.stringValue()).ifPresent(grades::add));
        return grades;
    }

    private static Optional<String> text(JsonNode body, String key) {
        JsonNode value = body.path(key);
        return isEmpty(value) ? Optional.empty() : Optional.of(value.stringValue().toLowerCase(Locale.ROOT));
    }

    /** What Python takes for false. */
    private static boolean isEmpty(JsonNode value) {
        return switch (value.getNodeType()) {
            case MISSING, NULL -> true;
            case STRING -> value.stringValue().isEmpty();
            case BOOLEAN -> !value.booleanValue();
            case NUMBER -> value.isIntegralNumber() ? value.bigIntegerValue().signum() == 0 : value.doubleValue() == 0;
            case ARRAY, OBJECT -> value.isEmpty();
            case BINARY, POJO -> false;
        };
    }
}
