package dev.reseat.runtime;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reseat.contract.OpenStackService;
import dev.reseat.contract.Replaces;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ServiceMainTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @TempDir private Path directory;

    @Test
    void anUnknownArgumentGivesTheUsage() {
        assertThat(run("--confg-file", "x")).isEqualTo(2);
        assertThat(err.toString(UTF_8))
                .startsWith("usage: reseat-x [--config-file PATH]")
                .endsWith("reseat-x: error: unknown argument: --confg-file\n");
    }

    @Test
    void anArgumentWithoutItsValueIsRefused() {
        assertThat(run("--config-file")).isEqualTo(2);
        assertThat(err.toString(UTF_8)).contains("argument --config-file: expected one argument");
    }

    @Test
    void helpAndVersionAreAnsweredWithoutSettings() {
        assertThat(run("--help")).isZero();
        assertThat(run("--config-file", "/nowhere", "--version")).isZero();
        assertThat(out.toString(UTF_8)).startsWith("usage: reseat-x").contains("\nreseat-x ");
    }

    @Test
    void laterSourcesWinWhateverTheirKind() throws IOException {
        Path drop = Files.createDirectory(directory.resolve("conf.d"));
        Files.writeString(drop.resolve("a.conf"), "[a]\nx = 1");
        Path file = Files.writeString(directory.resolve("b.conf"), "[a]\nx = 2");

        assertThat(run("--config-file", file.toString(), "--config-dir=" + drop)).isEqualTo(11);
        assertThat(run("--config-dir", drop.toString(), "--config-file=" + file)).isEqualTo(12);
    }

    @Test
    void takeoverIsAWordOfTheCommandLineOnly() throws IOException {
        Path file = Files.writeString(directory.resolve("b.conf"), "[reseat]\nreplaces = nova-compute");
        List<Replaces> read = new ArrayList<>();
        for (List<String> more : List.of(List.<String>of(), List.of("--takeover"))) {
            List<String> words = new ArrayList<>(List.of("--config-file", file.toString()));
            words.addAll(more);
            ServiceMain.run("reseat-x", words, new PrintStream(out), new PrintStream(err), settings -> {
                read.add(settings.checked(all -> Replaces.from(all, OpenStackService.NOVA_COMPUTE)));
                return 0;
            });
        }
        var service = Set.of(OpenStackService.NOVA_COMPUTE);
        assertThat(read).containsExactly(new Replaces(service, false), new Replaces(service, true));
    }

    @Test
    void wrongSettingsAreListed() throws IOException {
        Path file = Files.writeString(directory.resolve("b.conf"), "[a]\nx = many\ny = 1");

        assertThat(run("--config-file", file.toString())).isEqualTo(2);
        assertThat(err.toString(UTF_8).lines())
                .containsExactly(
                        "reseat-x: [a] x: cannot read 'many': must be a whole number (" + file + ":2)",
                        "reseat-x: [a] y: unknown setting; did you mean x? (" + file + ":3)");
    }

    @Test
    void aFailureToStartIsSaidAndEndsWithOne() {
        int code = ServiceMain.run(
                "reseat-x",
                List.of("--config-dir", directory.toString()),
                new PrintStream(out, true, UTF_8),
                new PrintStream(err, true, UTF_8),
                _ -> {
                    throw new IllegalStateException("no broker");
                });

        assertThat(code).isEqualTo(1);
        assertThat(err.toString(UTF_8)).contains("reseat-x: failed: java.lang.IllegalStateException: no broker\n");
    }

    @Test
    void aSignalDrainsAndStopsAndEndsWithZero() throws Exception {
        Process process = start("patient");
        try (BufferedReader lines = process.inputReader()) {
            assertThat(lines.readLine()).isEqualTo("ready");
            process.toHandle().destroy();
            assertThat(lines.readLine()).isEqualTo("drained");
            assertThat(lines.readLine()).isEqualTo("stopped");
            assertThat(process.waitFor(20, SECONDS)).isTrue();
            assertThat(process.exitValue()).isZero();
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void aSecondSignalEndsAtOnce() throws Exception {
        Process process = start("stubborn");
        try (BufferedReader lines = process.inputReader()) {
            assertThat(lines.readLine()).isEqualTo("ready");
            process.toHandle().destroy();
            assertThat(lines.readLine()).isEqualTo("drained");
            process.toHandle().destroy();
            assertThat(process.waitFor(20, SECONDS)).isTrue();
            assertThat(process.exitValue()).isEqualTo(128 + 15);
            assertThat(lines.readLine()).isNull();
        } finally {
            process.destroyForcibly();
        }
    }

    private int run(String... words) {
        return ServiceMain.run(
                "reseat-x",
                List.of(words),
                new PrintStream(out, true, UTF_8),
                new PrintStream(err, true, UTF_8),
                settings -> settings.<Integer>checked(s -> 10 + s.integer("a", "x", 0)));
    }

    private Process start(String kind) throws IOException {
        List<String> words = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Example.class.getName(),
                kind));
        Path conf = Files.createFile(directory.resolve("empty.conf"));
        words.addAll(List.of("--config-file", conf.toString()));
        return new ProcessBuilder(words).redirectError(directory.resolve("err").toFile()).start();
    }

    /** A process of one service; a stubborn one does not end its drain. */
    static final class Example implements Service {
        private final boolean stubborn;

        private Example(boolean stubborn) {
            this.stubborn = stubborn;
        }

        public static void main(String[] words) {
            String[] rest = List.of(words).subList(1, words.length).toArray(String[]::new);
            System.exit(ServiceMain.run(
                    "example",
                    rest,
                    _ -> new Lifecycle(List.of(new Example(words[0].equals("stubborn"))), Duration.ofMinutes(1))));
        }

        @Override
        public void start() {
            System.out.println("ready");
        }

        @Override
        public Drained drain(Duration grace) {
            System.out.println("drained");
            try {
                return !stubborn || new CountDownLatch(1).await(grace.toSeconds(), SECONDS)
                        ? Drained.CLEAN
                        : Drained.FORCED;
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                return Drained.FORCED;
            }
        }

        @Override
        public void stop() {
            System.out.println("stopped");
        }
    }
}
