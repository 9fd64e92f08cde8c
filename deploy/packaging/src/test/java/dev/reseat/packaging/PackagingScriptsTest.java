package dev.reseat.packaging;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the scripts of packaging write, as far as it can be seen without a build. */
final class PackagingScriptsTest {
    @TempDir private Path directory;

    /** What a program has printed, both streams together. */
    private record Outcome(int code, List<String> lines) {}

    private Outcome run(Map<String, String> environment, String... words) throws Exception {
        Path output = directory.resolve("output");
        ProcessBuilder builder =
                new ProcessBuilder(words).redirectErrorStream(true).redirectOutput(output.toFile());
        builder.environment().putAll(environment);
        Process process = builder.start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return new Outcome(process.exitValue(), Files.readAllLines(output));
    }

    private Path script(String name, String text) throws IOException {
        Path file = directory.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    @Test
    void anRpmThatWouldNeedWhatNobodyKnowsIsNotMade() throws Exception {
        Path control = directory.resolve("tree/DEBIAN/control");
        Files.createDirectories(control.getParent());
        Files.writeString(control, """
                Package: reseat-odd
                Version: 1
                Architecture: all
                Maintainer: Nobody <nobody@example.org>
                Depends: reseat-runtime (= 1), libodd7 (>= 2)
                Description: odd
                """);
        Path deb = directory.resolve("odd.deb");
        assertThat(run(Map.of(), "dpkg-deb", "--build", "--root-owner-group", directory.resolve("tree").toString(),
                deb.toString()).code()).isZero();
        Path called = directory.resolve("called");
        script("bin/rpmbuild", "#!/bin/sh\ntouch '" + called + "'\n");

        Outcome outcome = run(
                Map.of("PATH", directory.resolve("bin") + ":" + System.getenv("PATH"), "SOURCE_DATE_EPOCH", "0"),
                "bash", "rpm", directory.resolve("out").toString(), deb.toString());

        assertThat(outcome.code()).isNotZero();
        assertThat(outcome.lines()).contains(
                "reseat-odd depends on libodd7 (>= 2), whose name in RPM is not known");
        assertThat(called).doesNotExist();
    }

    @Test
    void whatTheBrokerIsToldIsAmongTheExamples() throws IOException {
        assertThat(Path.of("stage")).content().contains(" rabbitmq-definitions.json");
        assertThat(Path.of("../etc/rabbitmq-definitions.json")).isRegularFile();
    }
}
