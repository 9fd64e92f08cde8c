package dev.reseat.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class DeadlineTest {
    @Test
    void anInnerDeadlineIsNeverLongerThanTheOuterOne() {
        Deadline outer = Deadline.after(Duration.ofMinutes(1));

        assertSame(outer, outer.within(Duration.ofMinutes(2)));
        assertTrue(outer.within(Duration.ofSeconds(1)).isBefore(outer));
        assertTrue(outer.within(Duration.ofSeconds(1)).remaining().compareTo(Duration.ofSeconds(1)) <= 0);
    }

    @Test
    void whatIsOverHasNothingLeftHoweverMuchIsAskedFor() {
        Deadline over = Deadline.after(Duration.ZERO);

        assertTrue(over.isOver());
        assertEquals(Duration.ZERO, over.within(Duration.ofHours(1)).remaining());
    }

    @Test
    void workThatNobodyWaitsForIsNotEndedByTime() {
        assertFalse(Deadline.never().isOver());
        assertFalse(Deadline.after(Duration.ofSeconds(Long.MAX_VALUE)).isOver());
        assertTrue(Deadline.after(Duration.ofDays(1000)).isBefore(Deadline.never()));
    }
}
