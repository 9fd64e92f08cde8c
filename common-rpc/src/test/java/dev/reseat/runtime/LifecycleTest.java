package dev.reseat.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class LifecycleTest {
    private final List<String> events = new ArrayList<>();

    @Test
    void startsInOrderAndDrainsAndStopsInReverse() {
        try (Lifecycle lifecycle = lifecycle(new Part("a"), new Part("b"))) {
            lifecycle.start();
        }

        assertThat(events).containsExactly("start a", "start b", "drain b", "drain a", "stop b", "stop a");
    }

    @Test
    void aFailingStopDoesNotKeepTheOthersFromStopping() {
        Lifecycle lifecycle = lifecycle(new Part("a", "stop"), new Part("b"), new Part("c", "stop"));
        lifecycle.start();

        assertThatThrownBy(lifecycle::close)
                .hasMessage("stop c")
                .satisfies(failure -> assertThat(failure.getSuppressed())
                        .singleElement()
                        .asString()
                        .contains("stop a"));
        assertThat(events).endsWith("stop c", "stop b", "stop a");
    }

    @Test
    void aFailingDrainIsFollowedByEveryStop() {
        Lifecycle lifecycle = lifecycle(new Part("a", "stop"), new Part("b", "drain"));
        lifecycle.start();

        assertThatThrownBy(lifecycle::close)
                .hasMessage("drain b")
                .satisfies(failure -> assertThat(failure.getSuppressed()).hasSize(1));
        assertThat(events).endsWith("drain b", "drain a", "stop b", "stop a");
    }

    @Test
    void aFailedStartStopsWhatHadStartedAndItself() {
        Lifecycle lifecycle = lifecycle(new Part("a", "stop"), new Part("b", "start"), new Part("c"));

        assertThatThrownBy(lifecycle::start)
                .hasMessage("start b")
                .satisfies(failure -> assertThat(failure.getSuppressed())
                        .singleElement()
                        .asString()
                        .contains("stop a"));
        assertThat(events).containsExactly("start a", "start b", "stop b", "stop a");
        lifecycle.close();
        assertThat(events).hasSize(4);
    }

    @Test
    void closesOnceAndIsNotStartedAgain() {
        Lifecycle lifecycle = lifecycle(new Part("a"));
        lifecycle.start();
        lifecycle.close();
        lifecycle.close();

        assertThat(events).containsExactly("start a", "drain a", "stop a");
        assertThatThrownBy(lifecycle::start).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void closedBeforeItsStartItDoesNothing() {
        Lifecycle lifecycle = lifecycle(new Part("a"));
        lifecycle.close();

        assertThatThrownBy(lifecycle::start).isInstanceOf(IllegalStateException.class);
        assertThat(events).isEmpty();
    }

    @Test
    void allDrainsShareOneGracePeriod() {
        List<Duration> graces = new ArrayList<>();
        Service slow = new Service() {
            @Override
            public void start() {}

            @Override
            public Drained drain(Duration grace) {
                graces.add(grace);
                return Drained.FORCED;
            }

            @Override
            public void stop() {}
        };
        Lifecycle lifecycle = new Lifecycle(List.of(slow, slow), Duration.ofSeconds(30));
        lifecycle.start();
        lifecycle.close();

        assertThat(graces).hasSize(2).allMatch(grace -> grace.compareTo(Duration.ofSeconds(30)) <= 0);
        assertThat(graces.getLast()).isLessThan(graces.getFirst());
    }

    private Lifecycle lifecycle(Service... services) {
        return new Lifecycle(List.of(services), Duration.ofSeconds(5));
    }

    private final class Part implements Service {
        private final String name;
        private final String failing;

        Part(String name) {
            this(name, "never");
        }

        Part(String name, String failing) {
            this.name = name;
            this.failing = failing;
        }

        @Override
        public void start() {
            happen("start");
        }

        @Override
        public Drained drain(Duration grace) {
            happen("drain");
            return Drained.CLEAN;
        }

        @Override
        public void stop() {
            happen("stop");
        }

        private void happen(String event) {
            events.add(event + " " + name);
            if (event.equals(failing)) {
                throw new IllegalStateException(event + " " + name);
            }
        }
    }
}
