package dev.reseat.systemtest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The life of the RPMs: installed, upgraded and erased by this machine's rpm, in a root whose other files are Debian's.
 * What their scripts tell systemd is written down there, since none runs.
 */
@Tag("slow")
final class RpmsIT {
    private static final Duration LIMIT = Duration.ofMinutes(10);
    private static final List<String> SERVICES = PackagedCloud.SERVICES;
    private static final List<String> PACKAGES = Stream.concat(
            Stream.of("reseat-runtime", "reseat-cli"), SERVICES.stream()).toList();
    private static final String REMARK = "# written by the operator\n";
    /** What is asked of others, so that rpm checks what is asked of each other. */
    private static final String HOST = """
            Name: host
            Version: 1
            Release: 1
            Summary: what others give
            License: Apache-2.0
            BuildArch: noarch
            Provides: glibc = 2.99, libgcc, libstdc++, systemd, zlib, /bin/sh
            %description
            What others give.
            %files
            """;

    @TempDir private Path directory;
    private CleanRoot root;
    private Path told;

    @BeforeEach
    void makeARootWithARecorderForSystemd() throws IOException {
        BuiltPackages.requireTools("rpm", "rpmbuild");
        root = CleanRoot.open(directory);
        told = root.path("/root/told");
        Files.createDirectories(root.runtime().resolve("systemd/system")); // as where systemd runs
        Files.writeString(root.path("/usr/bin/systemctl"), "#!/bin/sh\necho \"$*\" >>/root/told\n");
        Path spec = Files.writeString(directory.resolve("host.spec"), HOST);
        Program.run("rpmbuild", "-bb", "--quiet", "--define", "_topdir " + directory.resolve("host"), spec.toString())
                .assertSucceeded();
        rpm("-i", List.of(directory.resolve("host/RPMS/noarch/host-1-1.noarch.rpm")));
    }

    @AfterEach
    void close() {
        if (root != null) {
            root.close();
        }
    }

    @Test
    void theyAreInstalledUpgradedAndErased() throws IOException {
        BuiltPackages built = BuiltPackages.current();
        rpm("-i", ofTheVersionBefore(built));
        nothingIsStartedAndOnlyTheServiceReadsItsSettings();
        for (String service : SERVICES) {
            Files.writeString(settings(service), REMARK, StandardOpenOption.APPEND);
        }

        rpm("-U", PACKAGES.stream().map(built::rpm).toList());
        whatTheOperatorWroteIsKeptAndWhatRunsIsRestarted();
        Path removal = Files.writeString(
                Files.createDirectories(root.path("/var/lib/reseat/compute/removals")).resolve("one.json"), "{}");

        erase();
        assertThat(removal).exists();
    }

    private void nothingIsStartedAndOnlyTheServiceReadsItsSettings() throws IOException {
        assertThat(installed()).allMatch(name -> name.endsWith(" 0.0.9-1"));
        assertThat(told()).isNotEmpty().containsOnly("daemon-reload");
        assertThat(root.run("reseat", "--version").out()).contains("0.1.0");
        settingsAndStateBelongToTheirServices();
    }

    private void settingsAndStateBelongToTheirServices() {
        Program owners = root.run("stat", "-c", "%a %U %G", "/etc/reseat/reseat-api-node.conf",
                "/etc/reseat/reseat-compute-agent.conf", "/var/lib/reseat/api", "/var/lib/reseat/compute");
        assertThat(owners.out().lines())
                .containsExactly("640 root reseat", "640 root root", "700 reseat reseat", "700 root root");
    }

    private void whatTheOperatorWroteIsKeptAndWhatRunsIsRestarted() throws IOException {
        assertThat(installed()).allMatch(name -> name.endsWith(" 0.1.0-1"));
        assertThat(told()).contains("daemon-reload")
                .filteredOn(line -> !line.equals("daemon-reload"))
                .containsExactlyInAnyOrderElementsOf(
                        SERVICES.stream().map(service -> "--no-block try-restart " + service + ".service").toList());
        for (String service : SERVICES) {
            assertThat(settings(service)).content().endsWith(REMARK);
            assertThat(root.path("/etc/reseat/" + service + ".conf.rpmnew")).doesNotExist();
        }
        settingsAndStateBelongToTheirServices();
        assertThat(root.run("reseat", "--version").code()).isZero();
        // of all files, only what the operator has changed is not as it was packed
        assertThat(rpm(Stream.concat(Stream.of("-V"), PACKAGES.stream())).out().lines())
                .hasSameSizeAs(SERVICES)
                .allMatch(line -> line.matches("S\\.5\\S+ +c /etc/reseat/reseat-[a-z-]+\\.conf"));
    }

    private void erase() throws IOException {
        rpm(Stream.concat(Stream.of("-e"), PACKAGES.stream())).assertSucceeded();

        assertThat(told()).containsAll(
                SERVICES.stream().map(service -> "--no-reload disable --now " + service + ".service").toList())
                .noneMatch(line -> line.contains("try-restart"));
        assertThat(root.path("/usr/lib/reseat")).doesNotExist();
        assertThat(root.path("/usr/bin/reseat")).doesNotExist();
        for (String service : SERVICES) {
            assertThat(root.path("/etc/reseat/" + service + ".conf.rpmsave")).content().endsWith(REMARK);
        }
    }

    private List<Path> ofTheVersionBefore(BuiltPackages built) throws IOException {
        BuiltPackages before = built.underVersion("0.0.9");
        List<String> words = new ArrayList<>(List.of(
                Path.of("..", "packaging", "rpm").toString(), directory.resolve("before").toString()));
        PACKAGES.forEach(name -> words.add(before.deb(name).toString()));
        Program.run(LIMIT, Map.of("SOURCE_DATE_EPOCH", "0"), words).assertSucceeded();
        try (Stream<Path> files = Files.walk(directory.resolve("before/RPMS"))) {
            return files.filter(file -> file.toString().endsWith(".rpm")).toList();
        }
    }

    private Path settings(String service) {
        return root.path("/etc/reseat/" + service + ".conf");
    }

    private List<String> installed() {
        Program query = rpm(Stream.of("-qa", "--queryformat", "%{NAME} %{VERSION}-%{RELEASE}\n", "reseat*"));
        List<String> names = query.out().lines().toList();
        assertThat(names).hasSameSizeAs(PACKAGES);
        return names;
    }

    /** What systemd was told since this was asked last. */
    private List<String> told() throws IOException {
        List<String> lines = Files.readAllLines(told);
        Files.delete(told);
        return lines;
    }

    private void rpm(String mode, List<Path> files) {
        Program rpm = rpm(Stream.concat(Stream.of(mode), files.stream().map(Path::toString)));
        rpm.assertSucceeded();
        assertThat(rpm.err()).as("scripts' own failures are warnings").doesNotContain("warning:", "error:");
    }

    private Program rpm(Stream<String> words) {
        Stream<String> start = Stream.of("rpm", "--root", root.path("/").toString(), "--dbpath", "/var/lib/rpm");
        return root.runBeside(Stream.concat(start, words).toArray(String[]::new));
    }
}
