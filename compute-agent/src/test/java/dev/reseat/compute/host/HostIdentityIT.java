package dev.reseat.compute.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reseat.process.SystemCommandRunner;
import dev.reseat.runtime.Deadline;
import dev.reseat.testing.PythonPeer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** The connector of this machine, beside what the real os-brick says of it. */
final class HostIdentityIT {
    @Test
    void saysWhatOsBrickSays() throws Exception {
        Map<String, Object> ours = new HostIdentity(new HostConfig("host-a", "192.0.2.10", false, Optional.empty()),
                new SystemCommandRunner(List.of()), HostFiles.OF_THIS_MACHINE).connector(Deadline.never());
        Map<String, Object> theirs;
        try (PythonPeer brick = PythonPeer.start("os_brick_host.py", "properties", "192.0.2.10", "host-a")) {
            theirs = new JsonMapper().readValue(brick.line(), new TypeReference<LinkedHashMap<String, Object>>() {});
        }
        theirs.remove("found_dsc"); // of a vendor's own client

        assertThat(ours).containsAllEntriesOf(theirs);
        assertThat(theirs).containsKeys("host", "ip", "platform", "os_type", "multipath", "do_local_attach");
        // what a later os-brick says, and this one does not yet
        assertThat(ours.keySet()).isSubsetOf(union(theirs, "enforce_multipath", "nvme_hostid"));
    }

    private static List<String> union(Map<String, Object> known, String... more) {
        return Stream.concat(known.keySet().stream(), List.of(more).stream()).toList();
    }
}
