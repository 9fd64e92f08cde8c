package dev.reseat.contract.compute;

import dev.reseat.contract.evidence.Answer;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * {@code inventory} in namespace {@code reseat}, 1.0: everything of volumes that a host holds, for whomever, and every
 * disk of its guests, running or not. Changes nothing. One question for a host, however many volumes there are.
 *
 * @param after the name that the page before ended with; empty for the first page
 * @param limit most entries of a page; no more than {@link #MOST} are given
 */
public record HostInventory(Optional<String> after, int limit) {
    public static final String METHOD = "inventory";
    public static final int MOST = 1000;

    /**
     * One page, sorted by name; entries of one name are on one page.
     *
     * @param next what to ask for next; empty if this was the last page
     * @param blind what could not be looked at; whoever is not in the inventory is then not known to be away
     * @param guests whether the host runs guests, whose disks are here then; empty from an agent that tells no disks
     */
    public record Result(List<Held> held, Optional<String> next, List<String> blind, Optional<Answer> guests) {
        public Result {
            held = List.copyOf(held);
            blind = List.copyOf(blind);
            guests = guests == null ? Optional.empty() : guests;
        }

        /** Without guests. */
        public Result(List<Held> held, Optional<String> next, List<String> blind) {
            this(held, next, blind, Optional.empty());
        }

        /**
         * Whether the host holds the volume that is stored under this id. Something held that bears nobody's id may be
         * of anybody, and what could not be looked at too: then nobody is known to be away.
         */
        public Answer holds(String volumeId) {
            boolean complete = blind.isEmpty() && next.isEmpty() && held.stream().allMatch(Held::bearsAnId);
            return held.stream()
                    .filter(one -> one.isOf(volumeId))
                    .map(Held::held)
                    .reduce(Answer::or)
                    .orElse(Answer.NO)
                    .or(complete ? Answer.NO : Answer.UNKNOWN);
        }
    }

    /**
     * @param kind by which protocol, or {@link #GUEST}
     * @param name of the volume at its backend, such as {@code volume-ID}, and what else names it
     * @param held UNKNOWN if that cannot be told; NO for a disk of a guest that does not run with it
     * @param detail what was seen, for the operator; no secrets
     * @param guest of which guest it is a disk; empty for what the host itself holds
     */
    public record Held(String kind, String name, Answer held, String detail, Optional<GuestUse> guest) {
        public static final String GUEST = "guest";
        private static final Pattern ID = Pattern.compile("\\p{XDigit}{8}(-\\p{XDigit}{4}){3}-\\p{XDigit}{12}");

        public Held {
            guest = guest == null ? Optional.empty() : guest;
        }

        public Held(String kind, String name, Answer held, String detail) {
            this(kind, name, held, detail, Optional.empty());
        }

        /** Whatever the template of names puts around the id. */
        public boolean isOf(String volumeId) {
            return ID.matcher(volumeId).matches() && name.contains(volumeId);
        }

        /** Whether it can be told whose it is. */
        public boolean bearsAnId() {
            return ID.matcher(name).find();
        }
    }

    /**
     * @param inRunning whether the running guest has it; NO if it does not run
     * @param inStored whether the stored definition lists it
     * @param running whether the guest runs
     */
    public record GuestUse(String instanceUuid, Answer inRunning, Answer inStored, Answer running) {}
}
