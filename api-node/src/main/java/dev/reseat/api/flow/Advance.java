package dev.reseat.api.flow;

import java.util.List;

/** How far a flow has come. */
public sealed interface Advance {
    /** The steps whose effect is there, in order. */
    List<String> done();

    /** All of them. */
    record Finished(List<String> done) implements Advance {
        public Finished {
            done = List.copyOf(done);
        }
    }

    /** The next one was cast; the entry is not this process's any more. */
    record Waiting(List<String> done, String step) implements Advance {
        public Waiting {
            done = List.copyOf(done);
        }
    }
}
