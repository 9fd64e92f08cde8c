package dev.reseat.testing;

import dev.reseat.rpc.Failure;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;

/** Arguments as no honest peer sends them, the same for the same seed. Used by one thread. */
public final class HostileArguments {
    private static final List<String> KNOWN = List.of(
            "builtins", "cinder.exception", "nova.exception", "oslo_versionedobjects.exception", "oslo_messaging.",
            "cinderclient.exceptions");

    private final Random random;
    private final List<Object> values;

    /** @param honest values among them, so that some calls get further */
    public HostileArguments(long seed, Object... honest) {
        random = new Random(seed);
        values = new ArrayList<>(Arrays.asList(
                null, "", " ", "\0", "a\0b", "x".repeat(5_000), "\ud83d\udca9", "\ud800", "../../etc/passwd", "null", 7,
                -1.5,
                1e300, new BigInteger("9".repeat(300)), Long.MIN_VALUE, true, List.of(), Map.of(), List.of("a", "\0"),
                Arrays.asList((Object) null), Map.of("host", "host-a"), Map.of("host", 7),
                Map.of("host", "h".repeat(300)), Map.of("\0", "\0"), Collections.singletonMap("host", null),
                Map.of("host", "host-a", "wwpns", "one", "initiator", List.of(), "nqn", 4, "ip", "999.1.1.1"),
                Map.of("host", "host-a", "wwpns", List.of("zz"), "multipath", "maybe"),
                Map.of("driver_volume_type", "local", "data", Map.of("device_path", "/proc/self/mem")),
                Map.of("driver_volume_type", 7, "data", List.of()), nested(200)));
        values.addAll(List.of(honest));
    }

    /** Most of these names, each with anything. */
    public Map<String, Object> of(String... names) {
        Map<String, Object> arguments = new HashMap<>();
        for (String name : names) {
            if (random.nextInt(12) > 0) {
                arguments.put(name, any());
            }
        }
        if (random.nextInt(20) == 0) {
            arguments.put("of_tomorrow", any());
        }
        return arguments;
    }

    public Object any() {
        return values.get(random.nextInt(values.size()));
    }

    public <T> T oneOf(List<T> all) {
        return all.get(random.nextInt(all.size()));
    }

    /**
     * An object of a project's, with anything in it.
     *
     * @param project {@code versioned_object} or {@code nova_object}
     */
    public Map<String, Object> object(String project, String namespace, String name, String... fields) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put(project + ".name", random.nextInt(10) == 0 ? any() : name);
        object.put(project + ".namespace", random.nextInt(10) == 0 ? any() : namespace);
        object.put(project + ".version", random.nextInt(10) == 0 ? any() : "1." + random.nextInt(12));
        object.put(project + ".data", random.nextInt(10) == 0 ? any() : of(fields));
        object.put(project + ".changes", any());
        return object;
    }

    /** Whether a peer of Python would know it: what is not is an exception that nobody has thought of. */
    public static boolean isKnown(Failure failure) {
        return KNOWN.stream().anyMatch(failure.module()::startsWith);
    }

    private static Object nested(int depth) {
        return Stream.<Object>iterate(List.of(), List::of).skip(depth).findFirst().orElseThrow();
    }
}
