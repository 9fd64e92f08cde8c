package dev.reseat.api.service.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reseat.api.store.StoreException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

final class SideBySideTest {
    private final StoreException gone = new StoreException.Unavailable("the database is away", null);

    @Test
    void answersComeInTheOrderOfTheQuestions() {
        assertThat(SideBySide.all(List.of(1, 2, 3), number -> number * 10)).containsExactly(10, 20, 30);
    }

    @Test
    void aFailureIsThrownAsItIsWhenAllHaveEnded() {
        List<Integer> ended = new CopyOnWriteArrayList<>();

        assertThatThrownBy(() -> SideBySide.all(List.of(1, 2, 3), number -> {
            ended.add(number);
            if (number == 2) {
                throw gone;
            }
            return number;
        })).isSameAs(gone);
        assertThat(ended).containsExactlyInAnyOrder(1, 2, 3);
        assertThatThrownBy(() -> SideBySide.both(() -> 1, () -> {
            throw gone;
        }, (one, other) -> one)).isSameAs(gone);
    }

    @Test
    void anErrorIsThrownAsItIsToo() {
        var broken = new StackOverflowError("deep");

        assertThatThrownBy(() -> SideBySide.all(List.of(1, 2), number -> {
            if (number == 2) {
                throw broken;
            }
            return number;
        })).isSameAs(broken);
        assertThatThrownBy(() -> SideBySide.both(() -> {
            throw broken;
        }, () -> 1, (one, other) -> other)).isSameAs(broken);
    }
}
