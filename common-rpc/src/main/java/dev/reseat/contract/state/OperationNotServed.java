package dev.reseat.contract.state;

import java.util.List;

/**
 * {@code operation_not_served}, 1.3: a volume-manager in place of a cinder-volume was told to do what it does not do.
 * The rows that say the operation is under way are settled, each only if it still says so. Repeatable. Failure
 * {@code InvalidInput} for an operation that is not known.
 *
 * @param operation the method's name in Cinder's volume RPC
 * @param id of what it was for: a volume, snapshot, group, group snapshot or backup, or {@code host@backend}
 * @param host {@code host@backend} of who was told
 */
public record OperationNotServed(String operation, String id, String host) {
    public static final String METHOD = "operation_not_served";

    /** @param changes what was changed, for the log: {@code volume ID: deleting to error_deleting} */
    public record Result(List<String> changes) {
        public Result {
            changes = List.copyOf(changes);
        }
    }
}
