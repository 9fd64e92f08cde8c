package dev.reseat.rpc;

import java.util.UUID;

/** The id that ties a reply to its call: 32 lower-case hexadecimal digits, as Python's {@code uuid4().hex}. */
public record CallId(String value) {
    public CallId {
        if (value.isBlank()) {
            throw new IllegalArgumentException("call id is blank");
        }
    }

    public static CallId random() {
        return new CallId(UUID.randomUUID().toString().replace("-", ""));
    }
}
