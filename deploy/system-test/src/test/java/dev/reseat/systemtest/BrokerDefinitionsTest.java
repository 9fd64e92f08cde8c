package dev.reseat.systemtest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The accounts at the broker reach Reseat's queues and no others; LeastPrivilegeIT works with them. */
final class BrokerDefinitionsTest {
    private static final Path FILE = Path.of("..", "etc", "rabbitmq-definitions.json");
    private static final List<String> OF_OTHERS = List.of(
            "compute", "compute.cmp-1", "compute-alt.cmp-1", "compute_fanout_1", "conductor", "scheduler",
            "cinder-volume", "cinder-volume.stor-1@ceph", "cinder-scheduler", "q-plugin", "notifications.info",
            "reseat-computer", "amq.gen-1");

    private JsonNode definitions;

    @BeforeEach
    void read() throws IOException {
        definitions = new JsonMapper().readTree(Files.readString(FILE));
    }

    @Test
    void noQueueOfOthersIsWithinReach() {
        assertThat(definitions.path("permissions")).hasSize(3)
                .allSatisfy(permission -> assertThat(
                        Stream.of("configure", "write", "read").map(right -> pattern(permission, right)))
                        .allSatisfy(
                                pattern -> assertThat(OF_OTHERS).noneMatch(queue -> pattern.matcher(queue).find())));
        Pattern policy = Pattern.compile(definitions.path("policies").path(0).path("pattern").asString());
        assertThat(OF_OTHERS).noneMatch(queue -> policy.matcher(queue).find());
    }

    @Test
    void eachProgramListensToItsOwnQueuesOnly() {
        assertThat(definitions.path("permissions")).allSatisfy(permission -> {
            String own = permission.path("user").asString().replaceFirst("^reseat-(\\w+)-.*$", "reseat-$1");
            Pattern read = pattern(permission, "read");
            assertThat(Stream.of("reseat-api", "reseat-volume", "reseat-compute").filter(read.asMatchPredicate()))
                    .containsExactly(own);
            assertThat(List.of(own + ".node-1", own + "_fanout_1a", "reply_1a")).allMatch(read.asMatchPredicate());
        });
    }

    @Test
    void noAccountMayManageTheBroker() {
        assertThat(definitions.path("users")).hasSize(3).allSatisfy(user -> {
            assertThat(user.path("tags").asString()).isEmpty();
            assertThat(user.path("password").asString()).as("to be replaced").isEqualTo("SECRET");
        });
    }

    private static Pattern pattern(JsonNode permission, String right) {
        return Pattern.compile(permission.path(right).asString());
    }
}
