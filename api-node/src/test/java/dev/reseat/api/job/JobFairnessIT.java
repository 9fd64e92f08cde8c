package dev.reseat.api.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Jobs take turns: at being planned and at being carried out. */
@Tag("database")
@Tag("slow")
class JobFairnessIT {
    private static final int MANY = 150;

    @Test
    void aShortJobDoesNotWaitForTheEndOfALongOne() throws InterruptedException {
        try (var node = new JobCloud("job_workers = 2\njob_interval = 1")) {
            String longOne = create(node, MANY);
            node.backends.awaitResets(5);

            String shortOne = create(node, 4);
            node.cli.run(0, "job", "watch", shortOne, "--for", "120");

            assertThat(node.cli.show(longOne).path("ended").asInt()).isLessThan(MANY);
            node.cli.run(0, "job", "watch", longOne, "--for", "120");
        }
    }

    private static String create(JobCloud node, int items) {
        return node.cli.create(
                "--select", "ids=" + Stream.generate(node::orphan).limit(items).collect(Collectors.joining(",")),
                "--reset-state", "available", "--apply", "--per-backend", "2", "--per-host", "0", "--canary", "0",
                "--wave", "0");
    }
}
