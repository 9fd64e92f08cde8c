package dev.reseat.api.service;

import dev.reseat.api.model.Volume;

/** How a repair is taken back exactly, or why it cannot be. Known before it is applied. */
public sealed interface Inverse {
    /** One sentence for plans and confirmations. */
    String text();

    /**
     * The volume's status is set back.
     *
     * @param left the volume as the repair leaves it; it must still be that
     */
    record Status(Volume.Guard left, String status) implements Inverse {
        @Override
        public String text() {
            return "reset to " + status;
        }
    }

    /** Nova's mapping, which the repair has soft-deleted, is one again. */
    record Mapping(String uuid) implements Inverse {
        @Override
        public String text() {
            return "restore mapping " + uuid;
        }
    }

    /** There is no way back. */
    record None(String why) implements Inverse {
        @Override
        public String text() {
            return "cannot be undone: " + why;
        }
    }
}
