package dev.reseat.compute.guest.libvirt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reseat.process.Command;
import dev.reseat.process.CommandFailed;
import dev.reseat.process.CommandResult;
import dev.reseat.process.CommandRunner;
import dev.reseat.runtime.Deadline;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What is made of answers that real hypervisors give seldom. */
final class DomainLooksTest {
    private static final String UUID = "5dd4c430-0f4c-4f5e-9c1d-5a3f0d9b7e21";
    private static final String XML = "<domain><name>instance-1</name></domain>\n";
    private static final LibvirtConfig CONFIG = new LibvirtConfig("qemu:///system", 1, Duration.ofSeconds(1));

    private static Deadline soon() {
        return Deadline.after(Duration.ofSeconds(30));
    }

    private static DomainLooks looks(CommandRunner virsh) {
        return new DomainLooks(new Virsh(CONFIG, virsh));
    }

    /** The parts of one look, with what the look has put between them. */
    private static CommandResult answer(Command command, int code, String... parts) {
        String between = command.words().getLast().replaceFirst("(?s).*?; echo ([^;]*);.*", "$1");
        return new CommandResult(code, String.join(between + "\n", parts), "error: x").answering(command);
    }

    private static boolean isList(Command command) {
        return command.words().contains("list");
    }

    @Test
    void everyPartOfAnAnswerHasToBeThere() {
        assertThat(looks(command -> answer(command, 0, "Persistent:     yes\n", "shut off\n", XML, XML))
                .look(UUID, soon())).isInstanceOf(DomainView.Seen.class);
        assertThat(looks(command -> answer(command, 0, "", "shut off\n", XML, XML)).look(UUID, soon()))
                .isInstanceOf(DomainView.Silent.class);
        assertThat(looks(command -> answer(command, 0, "Persistent:     yes\n", "shut off\n", XML, ""))
                .look(UUID, soon())).isInstanceOf(DomainView.Silent.class);
        assertThat(looks(command -> isList(command)
                ? new CommandResult(0, UUID + "\n", "")
                : answer(command, 0, "Persistent:     yes\n")).look(UUID, soon()))
                .isInstanceOf(DomainView.Silent.class);
    }

    @Test
    void onlyAHypervisorThatListsItsDomainsSaysThatOneIsNotThere() {
        assertThat(looks(command -> isList(command) ? new CommandResult(0, "\n", "") : answer(command, 1, ""))
                .look(UUID, soon())).isEqualTo(new DomainView.Absent(UUID));
        assertThat(looks(command -> isList(command)
                ? new CommandResult(1, "", "error: failed to connect").answering(command)
                : answer(command, 1, "")).look(UUID, soon())).isInstanceOf(DomainView.Silent.class);
    }

    @Test
    void whatHangsOrIsNotInstalledIsUnknown() {
        assertThat(looks(command -> {
            throw new CommandFailed.TimedOut(command);
        }).look(UUID, soon())).isInstanceOf(DomainView.Silent.class);
        assertThat(looks(command -> answer(command, 0)).look(UUID, Deadline.after(Duration.ZERO)))
                .isInstanceOf(DomainView.Silent.class);
    }

    @Test
    void whoAsksWhileALookRunsSharesTheNextOne() throws Exception {
        AtomicInteger begun = new AtomicInteger();
        CountDownLatch first = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        DomainLooks looks = looks(command -> {
            int number = begun.incrementAndGet();
            if (number == 1) {
                first.countDown();
                await(go);
            }
            return answer(command, 0, "Persistent: no\n", "look " + number + "\n", XML, XML);
        });
        var early = new FutureTask<>(() -> looks.look(UUID, soon()));
        Thread.ofPlatform().start(early);
        await(first);
        var others = new ManyAskers<>(100, () -> looks.look(UUID, soon()));
        others.awaitWaiting();
        go.countDown();

        assertThat(((DomainView.Seen) early.get()).state()).isEqualTo("look 1");
        assertThat(others.answers()).extracting(view -> ((DomainView.Seen) view).state()).containsOnly("look 2");
        assertThat(begun).hasValue(2);
    }

    /** As a job asks, with more domains than are looked at side by side. */
    @Test
    void twoHundredVolumesAreTwoLooksAtEachDomainAtMost() throws Exception {
        int domains = 10;
        AtomicInteger begun = new AtomicInteger();
        CountDownLatch go = new CountDownLatch(1);
        DomainLooks looks = looks(command -> {
            begun.incrementAndGet();
            await(go);
            return answer(command, 0, "Persistent: no\n", "running\n", XML, XML);
        });
        AtomicInteger next = new AtomicInteger();
        var askers = new ManyAskers<>(200, () -> looks.look(
                UUID.substring(0, UUID.length() - 1) + Integer.toHexString(next.getAndIncrement() % domains), soon()));
        askers.awaitWaiting();
        go.countDown();

        assertThat(askers.answers()).hasSize(200).allMatch(DomainView.Seen.class::isInstance);
        assertThat(begun.get()).isBetween(domains, 2 * domains);
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }
}
