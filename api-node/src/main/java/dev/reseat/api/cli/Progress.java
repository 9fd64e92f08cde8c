package dev.reseat.api.cli;

import java.util.function.Consumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;

/** How far a command over several items has got, shown on standard error. */
sealed interface Progress extends AutoCloseable {
    /** This item is next. */
    void begin(String item);

    /** The item that began last is done, well or not. */
    void end();

    @Override
    void close();

    /** A bar that moves, for a terminal. */
    static Progress bar(int items) {
        return new Bar(new ProgressBarBuilder().setInitialMax(items).setTaskName("reseat").build());
    }

    /** A line per item, for a file; none if there is only one item. */
    static Progress lines(int items, Consumer<String> lines) {
        return new Lines(items, lines);
    }

    /** Drawn by the library in a thread of its own. */
    record Bar(ProgressBar bar) implements Progress {
        @Override
        public void begin(String item) {
            bar.setExtraMessage(item);
        }

        @Override
        public void end() {
            bar.step();
        }

        @Override
        public void close() {
            bar.close();
        }
    }

    /** {@code [2/7] item}. */
    final class Lines implements Progress {
        private final int items;
        private final Consumer<String> lines;
        private int begun;

        private Lines(int items, Consumer<String> lines) {
            this.items = items;
            this.lines = lines;
        }

        @Override
        public void begin(String item) {
            begun++;
            if (items > 1) {
                lines.accept("[" + begun + "/" + items + "] " + item);
            }
        }

        @Override
        public void end() {}

        @Override
        public void close() {}
    }
}
