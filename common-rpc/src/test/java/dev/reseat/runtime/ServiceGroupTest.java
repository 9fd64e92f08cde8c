package dev.reseat.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reseat.runtime.Service.Drained;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ServiceGroupTest {
    private final List<String> events = new ArrayList<>();

    @Test
    void whatIsStartedLaterStopsEarlier() {
        var group = new ServiceGroup(List.of(part("a"), part("b")));
        group.start();
        group.start(part("c"));
        group.drainAndStop(Duration.ofSeconds(5));

        assertThat(events).containsExactly(
                "start a", "start b", "start c", "drain c", "drain b", "drain a", "stop c", "stop b", "stop a");
    }

    @Test
    void oneThatGivesUpMakesTheDrainOfAllForced() {
        var group = new ServiceGroup(List.of(part("a"), new Part("b", Drained.FORCED, false), part("c")));
        group.start();

        assertThat(group.drain(Duration.ofSeconds(5))).isEqualTo(Drained.FORCED);
        assertThat(events).endsWith("drain c", "drain b", "drain a");
    }

    @Test
    void afterAFailedStartOnlyWhatWasStartedIsStopped() {
        var group = new ServiceGroup(List.of(part("a"), new Part("b", Drained.CLEAN, true), part("c")));

        assertThatThrownBy(group::start).hasMessage("b is broken");
        group.stop();
        assertThat(events).containsExactly("start a", "start b", "stop b", "stop a");
    }

    @Test
    void aGroupIsAServiceOfAnotherGroup() {
        var outer = new ServiceGroup(List.of(part("a"), new ServiceGroup(List.of(part("b"), part("c"))), part("d")));
        outer.start();
        outer.drainAndStop(Duration.ofSeconds(5));

        assertThat(events).containsSubsequence("start a", "start b", "start c", "start d")
                .endsWith("stop d", "stop c", "stop b", "stop a");
    }

    private Part part(String name) {
        return new Part(name, Drained.CLEAN, false);
    }

    private final class Part implements Service {
        private final String name;
        private final Drained drained;
        private final boolean broken;

        private Part(String name, Drained drained, boolean broken) {
            this.name = name;
            this.drained = drained;
            this.broken = broken;
        }

        @Override
        public void start() {
            events.add("start " + name);
            if (broken) {
                throw new IllegalStateException(name + " is broken");
            }
        }

        @Override
        public Drained drain(Duration grace) {
            events.add("drain " + name);
            return drained;
        }

        @Override
        public void stop() {
            events.add("stop " + name);
        }
    }
}
