package dev.reseat.packaging;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the packages are made of fits together: control, units, accounts, folders, settings, pages, version. */
final class PackageDescriptionTest {
    private static final Path DEPLOY = Path.of("..");
    private static final Path DEBIAN = Path.of("debian");
    private static final ControlFile CONTROL = ControlFile.read(DEBIAN.resolve("control"));

    @Test
    void eachProgramHasAPackageAndEachServiceOneOfItsCache() {
        assertThat(CONTROL.packages()).containsExactlyInAnyOrder(
                "reseat-runtime", "reseat-api-node", "reseat-volume-manager", "reseat-compute-agent", "reseat-cli",
                "reseat-api-node-aot", "reseat-volume-manager-aot", "reseat-compute-agent-aot");
    }

    /** And is wanted where the service is, but not needed. */
    @ParameterizedTest
    @ValueSource(strings = {"reseat-api-node", "reseat-volume-manager", "reseat-compute-agent"})
    void aCacheGoesWithTheServiceOfItsOwnVersion(String service) {
        assertThat(CONTROL.binary(service + "-aot").get("Depends")).contains(service + " (= ${binary:Version})");
        assertThat(CONTROL.binary(service).get("Recommends")).contains(service + "-aot (= ${binary:Version})");
        assertThat(CONTROL.binary(service).get("Depends")).doesNotContain("-aot");
    }

    /** An archive of classes fits the very runtime that it was made with. */
    @ParameterizedTest
    @ValueSource(strings = {"api-node", "volume-manager", "compute-agent", "cli"})
    void aProgramNeedsTheRuntimeOfItsOwnVersion(String program) {
        assertThat(CONTROL.binary("reseat-" + program).get("Depends"))
                .contains("reseat-runtime (= ${binary:Version})");
    }

    @Test
    void descriptionsFitTheirColumns() {
        assertThat(CONTROL.packages()).allSatisfy(name -> {
            String[] lines = CONTROL.binary(name).get("Description").split("\n", -1);
            assertThat(lines[0]).as(name).hasSizeLessThan(80).doesNotEndWith(".");
            assertThat(lines).as(name).hasSizeGreaterThan(2).allSatisfy(line -> assertThat(line).hasSizeLessThan(81));
        });
    }

    @Test
    void versionAndTimeAreThoseOfTheBuild() throws IOException {
        String pom = Files.readString(DEPLOY.resolve("../pom.xml"));
        List<String> changelog = Files.readAllLines(DEBIAN.resolve("changelog"));
        String trailer = changelog.stream().filter(line -> line.startsWith(" -- ")).findFirst().orElseThrow();

        assertThat(changelog.getFirst()).startsWith("reseat (" + found(pom, "\n  <version>([^<]+)<") + ") ");
        assertThat(OffsetDateTime.parse(found(trailer, ">  (.*)$"), DateTimeFormatter.RFC_1123_DATE_TIME).toInstant())
                .isEqualTo(Instant.parse(found(pom, "<project.build.outputTimestamp>([^<]+)<")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"api-node", "volume-manager", "compute-agent"})
    void theUnitStartsWhatThePackageHolds(String service) throws IOException {
        assertThat(unit(service, "ExecStart")).containsExactly("/usr/bin/reseat-" + service);
        assertThat(unit(service, "EnvironmentFile")).containsExactly("-/etc/reseat/reseat-" + service + ".env");
        assertThat(DEPLOY.resolve("etc/reseat-" + service + ".conf")).isRegularFile();
        assertThat(Files.readAllLines(DEPLOY.resolve("etc/jvm/" + service + ".options")))
                .contains("-Dreseat.log=json", "-XX:+UseSerialGC")
                .anyMatch(option -> option.startsWith("-Xmx"))
                .anyMatch(option -> option.startsWith("-XX:MaxMetaspaceSize="));
    }

    /** What a JVM is told stands in one place, for packages and distribution. */
    @ParameterizedTest
    @ValueSource(strings = {"api-node", "volume-manager", "compute-agent", "cli", "standalone"})
    void theDistributionTellsItsJvmsWhatThePackagesDo(String program) throws IOException {
        Path scripts = DEPLOY.resolve("distribution/src/main");
        Path script = scripts.resolve("bin/reseat" + (program.equals("cli") ? "" : "-" + program));

        assertThat(DEPLOY.resolve("etc/jvm/" + program + ".options")).isRegularFile();
        assertThat(script).content().contains("\nlaunch " + program + " dev.reseat.").doesNotContain("-XX:", " -D");
        assertThat(scripts.resolve("libexec/launch.sh")).content()
                .contains("etc/jvm/$1.options")
                .doesNotContain("-XX:", "-Xm", "guice");
        assertThat(Path.of("stage")).content()
                .contains("cat \"deploy/etc/jvm/$1.options\"")
                .doesNotContain("-Xm", "guice");
    }

    @ParameterizedTest
    @ValueSource(strings = {"api-node", "volume-manager", "compute-agent"})
    void theAccountOfTheUnitIsMade(String service) throws IOException {
        String user = unit(service, "User").getFirst();
        Path accounts = DEBIAN.resolve("reseat-" + service + ".sysusers");
        if (user.equals("root")) {
            assertThat(accounts).doesNotExist();
        } else {
            assertThat(accounts).content().contains("\nu " + user + " - ");
        }
    }

    /** They hold passwords, so only root writes them and only the service reads them. */
    @ParameterizedTest
    @ValueSource(strings = {"api-node", "volume-manager", "compute-agent"})
    void foldersAndSettingsBelongToTheAccount(String service) throws IOException {
        String user = unit(service, "User").getFirst();
        List<String> tmpfiles = Files.readAllLines(DEBIAN.resolve("reseat-" + service + ".tmpfiles"));
        Stream<String> folders = unit(service, "StateDirectory").stream()
                .flatMap(line -> Stream.of(line.split(" ", -1)))
                .map(name -> "d /var/lib/" + name + " 0700 " + user + " " + user);

        assertThat(tmpfiles).containsAll(folders.toList())
                .contains("z /etc/reseat/reseat-" + service + ".conf 0640 root " + user);
    }

    @ParameterizedTest
    @ValueSource(strings = {"api-node", "volume-manager", "compute-agent"})
    void aServiceHasAPage(String service) {
        assertThat(Path.of("man", "reseat-" + service + ".8.adoc")).content()
                .startsWith("= reseat-" + service + "(8)\n:doctype: manpage\n")
                .contains("*--config-file*", "*--config-dir*", "*--takeover*", "== EXIT STATUS");
    }

    private static List<String> unit(String service, String key) throws IOException {
        return Files.readAllLines(DEPLOY.resolve("systemd/reseat-" + service + ".service"))
                .stream()
                .filter(line -> line.startsWith(key + "="))
                .map(line -> line.substring(key.length() + 1))
                .toList();
    }

    private static String found(String text, String pattern) {
        Matcher matcher = Pattern.compile(pattern).matcher(text);
        assertThat(matcher.find()).as(pattern).isTrue();
        return matcher.group(1);
    }
}
