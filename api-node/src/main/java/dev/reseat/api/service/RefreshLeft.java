package dev.reseat.api.service;

import dev.reseat.contract.evidence.Answer;

/** What was read back after a refresh had been given up, and the sentence that tells it. */
sealed interface RefreshLeft {
    String text();

    /** Whether everything is as it was, as far as this refresh could have touched it. */
    default boolean isAsBefore() {
        return false;
    }

    /** The new attachment is gone, mapping and old attachment are as they were, host and backend were not touched. */
    record Untouched() implements RefreshLeft {
        @Override
        public String text() {
            return "everything is as it was";
        }

        @Override
        public boolean isAsBefore() {
            return true;
        }
    }

    /**
     * The rows are as they were.
     *
     * @param same whether host and backend show what they showed before
     */
    record OldAttachment(Answer same, String detail) implements RefreshLeft {
        @Override
        public String text() {
            return switch (same) {
                case YES -> "everything is as it was: " + detail;
                case NO -> "The old attachment is still there, but host or backend are not as they were: " + detail;
                case UNKNOWN ->
                    "The old attachment is still there; whether host and backend are as they were could not be read"
                            + " back: " + detail;
            };
        }

        @Override
        public boolean isAsBefore() {
            return same == Answer.YES;
        }
    }

    /** Something else than what was intended either way stands in the rows. */
    record Mixed(String detail) implements RefreshLeft {
        @Override
        public String text() {
            return "NOT ALL IS AS IT WAS: " + detail;
        }
    }

    /**
     * The mapping or its instance was deleted meanwhile: there is nothing left to refresh, and nothing to go back to.
     *
     * @param kept whether the new attachment is still there
     */
    record Deleted(String newAttachmentId, boolean kept) implements RefreshLeft {
        @Override
        public String text() {
            return "the mapping, or its instance, was deleted meanwhile; attachment " + newAttachmentId
                    + (kept ? " IS STILL THERE. Delete it." : " is deleted.");
        }
    }

    /** Only the completion is missing. */
    record Saved() implements RefreshLeft {
        @Override
        public String text() {
            return "the mapping is refreshed, only its completion failed. Refresh it again.";
        }
    }

    /**
     * The host has let go, and the old attachment is deleted.
     *
     * @param kept whether the new attachment keeps the volume for the instance
     * @param mapped whether the mapping names it
     */
    record LostOld(String newAttachmentId, boolean kept, boolean mapped) implements RefreshLeft {
        @Override
        public String text() {
            return "THE OLD ATTACHMENT IS GONE: "
                    + (kept
                            ? "attachment " + newAttachmentId + " keeps the volume reserved, "
                            : "NO ATTACHMENT KEEPS THE VOLUME, ")
                    + (mapped
                            ? "the mapping has no connection_info. Refresh it again."
                            : "the mapping still names the old one. Stop the instance and refresh it again.");
        }
    }
}
