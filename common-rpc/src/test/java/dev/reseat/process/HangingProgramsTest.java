package dev.reseat.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Programs that hang hold up those who run them, and nobody else in the process. */
@Tag("slow")
final class HangingProgramsTest {
    /** Longer than the JDK keeps a carrier that has nothing to do. */
    private static final Duration UNUSED = Duration.ofSeconds(40);

    private static final Duration HANGING = UNUSED.plusSeconds(20);

    @Test
    void virtualThreadsGoOn() throws Exception {
        CommandRunner commands = new SystemCommandRunner(List.of());
        List<Thread> running = new ArrayList<>();
        for (int i = 0; i < Runtime.getRuntime().availableProcessors(); i++) {
            running.add(Thread.ofPlatform()
                    .daemon()
                    .start(() -> commands.run(
                            Command.of(HANGING.multipliedBy(2), "sleep", String.valueOf(HANGING.toSeconds())))));
        }
        Thread.sleep(UNUSED);
        CountDownLatch ran = new CountDownLatch(1);
        Thread.startVirtualThread(ran::countDown);

        assertThat(ran.await(HANGING.minus(UNUSED).toMillis() / 2, TimeUnit.MILLISECONDS)).isTrue();
        for (Thread thread : running) {
            thread.join();
        }
    }
}
