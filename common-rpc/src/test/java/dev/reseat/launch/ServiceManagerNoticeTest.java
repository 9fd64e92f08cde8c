package dev.reseat.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.reseat.process.CommandFailed;
import dev.reseat.runtime.Service.Drained;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ServiceManagerNoticeTest {
    @Test
    void withoutAManagerNothingIsRun() {
        List<String> ran = new ArrayList<>();
        var notice = new ServiceManagerNotice(command -> {
            ran.add(command.toString());
            throw new AssertionError("nobody asked");
        }, false);
        notice.start();

        assertThat(notice.drain(Duration.ofSeconds(1))).isEqualTo(Drained.CLEAN);
        assertThat(ran).isEmpty();
    }

    @Test
    void aManagerThatCannotBeToldKeepsNoServiceFromWorking() {
        var notice = new ServiceManagerNotice(command -> {
            throw new CommandFailed.TimedOut(command);
        }, true);

        assertThatCode(notice::start).doesNotThrowAnyException();
    }
}
