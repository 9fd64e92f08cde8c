package dev.reseat.rpc;

import static java.util.Objects.requireNonNull;

import dev.reseat.runtime.SecretName;
import dev.reseat.runtime.SecretText;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * An exception as it travels in a reply: always data, never a class that the wire could choose.
 *
 * @param type class name without module, what Python callers branch on ({@code VolumeNotFound})
 * @param module Python module of the class; a peer rebuilds the exception only if it allows that module
 * @param message what {@code str(exception)} gives
 * @param args positional arguments of the exception, JSON values
 * @param kwargs keyword arguments of the exception, JSON values
 */
public record Failure(String type, String module, String message, List<Object> args, Map<String, Object> kwargs) {
    public Failure {
        requireNonNull(type, "type is null");
        requireNonNull(module, "module is null");
        requireNonNull(message, "message is null");
        args = Collections.unmodifiableList(new ArrayList<>(args));
        kwargs = Collections.unmodifiableMap(new LinkedHashMap<>(kwargs));
    }

    /** A failure whose only argument is its message, as most Python exceptions are built. */
    public static Failure of(String module, String type, String message) {
        return new Failure(type, module, message, List.of(message), Map.of());
    }

    /** The same without the secrets that message and arguments may hold: command lines, connection_info, URLs. */
    public Failure masked() {
        Map<String, Object> named = new LinkedHashMap<>();
        kwargs.forEach((name, value) -> named.put(
                name, value != null && SecretName.isSecret(name) ? SecretText.MASK : masked(value)));
        return new Failure(
                type, module, SecretText.masked(message), args.stream().map(Failure::masked).toList(), named);
    }

    private static Object masked(Object value) {
        return value instanceof String text ? SecretText.masked(text) : value;
    }
}
