package dev.reseat.systemtest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;

/** What {@code keystone-manage fernet_setup} and {@code credential_setup} make, without waiting for either. */
final class FernetKeys {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int LENGTH = 32;

    private FernetKeys() {}

    /** Makes the next one, and the one in use. */
    static void in(Path repository) throws IOException {
        Files.createDirectories(repository);
        for (String name : List.of("0", "1")) {
            byte[] key = new byte[LENGTH];
            RANDOM.nextBytes(key);
            Files.writeString(repository.resolve(name), Base64.getUrlEncoder().encodeToString(key));
        }
    }
}
