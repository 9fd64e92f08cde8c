package dev.reseat.rpc.object;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a record that travels as a versioned object: its components are the object's fields. On the wire the record
 * stands inside {@code {prefix.name, prefix.namespace, prefix.version, prefix.data}}.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface VersionedObject {
    Project project();

    String name();

    /** {@code major.minor}: written on what we send. */
    String version();

    /** The highest version that is read, of the same major; {@link #version} if not said. */
    String reads() default "";

    /** Which project's objects: the prefix of the wrapper's keys differs. */
    enum Project {
        CINDER("versioned_object", "cinder"),
        NOVA("nova_object", "nova");

        private final String prefix;
        private final String namespace;

        Project(String prefix, String namespace) {
            this.prefix = prefix;
            this.namespace = namespace;
        }

        String key(String part) {
            return prefix + "." + part;
        }

        String namespace() {
            return namespace;
        }
    }
}
