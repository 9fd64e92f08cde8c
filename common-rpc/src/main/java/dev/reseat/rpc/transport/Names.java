package dev.reseat.rpc.transport;

import java.nio.charset.StandardCharsets;

/** What the names of exchanges, queues and routing keys have in common: AMQP short strings. */
final class Names {
    private static final int LONGEST = 255;

    private Names() {}

    static void check(String what, String name) {
        if (name.isBlank()) {
            throw new IllegalArgumentException(what + " is blank");
        }
        int length = name.getBytes(StandardCharsets.UTF_8).length;
        if (length > LONGEST) {
            throw new IllegalArgumentException(what + " is longer than " + LONGEST + " bytes: '" + name + "'");
        }
    }
}
