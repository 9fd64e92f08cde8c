package dev.reseat.standalone;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.util.List;

/** What a test cannot do without: it is skipped without that, or fails with {@code -Dreseat.peers=required}. */
final class Needed {
    private Needed() {}

    static void packages(List<String> missing) {
        if (!missing.isEmpty()) {
            String sentence = "this test needs " + String.join(", ", missing);
            if ("required".equals(System.getProperty("reseat.peers"))) {
                fail(sentence);
            }
            abort(sentence);
        }
    }
}
