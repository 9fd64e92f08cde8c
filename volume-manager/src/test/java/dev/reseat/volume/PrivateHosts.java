package dev.reseat.volume;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.reseat.storage.PrivateNetwork;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Hosts that can be cut off. Skips the test where they cannot be, or fails with {@code -Dreseat.peers=required}. */
final class PrivateHosts {
    private PrivateHosts() {}

    static PrivateNetwork start(int count) {
        List<String> packages = PrivateNetwork.missingPackages();
        if (!packages.isEmpty() || !Files.isWritable(Path.of("/run"))) {
            String missing = "be root, and install for this test: " + packages;
            if ("required".equals(System.getProperty("reseat.peers"))) {
                fail(missing);
            }
            abort(missing);
        }
        return PrivateNetwork.start(count);
    }
}
