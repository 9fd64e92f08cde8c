package dev.reseat.testing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Makes keys and certificates in a directory, with the program that operators make theirs with. */
public record Openssl(Path directory) {
    private static final String AUTHORITY = """
            [ca]
            default_ca = authority
            [authority]
            database = index.txt
            new_certs_dir = .
            rand_serial = yes
            default_md = sha256
            policy = any
            unique_subject = no
            copy_extensions = copy
            [any]
            commonName = supplied
            """;

    public static Openssl in(Path directory) {
        return new Openssl(directory);
    }

    /** @return what it printed */
    public String run(String... words) throws IOException, InterruptedException {
        Path errors = directory.resolve("openssl.log");
        Process process = new ProcessBuilder(words).directory(directory.toFile())
                .redirectError(Redirect.to(errors.toFile()))
                .start();
        String printed = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertEquals(0, process.waitFor(), () -> String.join(" ", words) + ": " + errors);
        return printed;
    }

    /** A certificate that signs itself, and its key: {@code name.pem} and {@code name.key}. */
    public void authority(String name) throws IOException, InterruptedException {
        run("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
                "-subj", "/CN=" + name, "-keyout", name + ".key", "-out", name + ".pem");
    }

    /** A certificate for one of the authority {@code authority}, that is valid today. */
    public void issue(String name, String alternative, String... key) throws IOException, InterruptedException {
        issueUntil(name, alternative, "20500101000000Z", key);
    }

    /** @param end the last moment it is valid, from 2020 on */
    public void issueUntil(String name, String alternative, String end, String... key)
            throws IOException, InterruptedException {
        Files.writeString(directory.resolve("authority.cnf"), AUTHORITY);
        Files.writeString(directory.resolve("index.txt"), "");
        List<String> request = new ArrayList<>(List.of("openssl", "req", "-new", "-nodes", "-subj", "/CN=" + name,
                "-addext", "subjectAltName=" + alternative, "-keyout", name + ".key", "-out", name + ".csr"));
        request.addAll(List.of(key));
        run(request.toArray(String[]::new));
        run("openssl", "ca", "-batch", "-notext", "-config", "authority.cnf", "-cert", "authority.pem", "-keyfile",
                "authority.key", "-startdate", "20200101000000Z", "-enddate", end, "-in", name + ".csr", "-out",
                name + ".pem");
    }
}
