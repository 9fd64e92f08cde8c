package dev.reseat.contract.compute;

import java.util.Map;

/**
 * {@code stop_instance} of Nova, 5.0: nova-compute asks the guest to shut down, switches it off when its time is over,
 * and writes the instance's row. Cast, by who has given the row its task_state {@code powering-off}.
 *
 * @param instance Nova's object as its conductor has given it, whole
 * @param cleanShutdown whether the guest is asked first, for as long as Nova's {@code shutdown_timeout}
 */
public record StopInstance(Map<String, Object> instance, boolean cleanShutdown) {
    public static final String METHOD = "stop_instance";
}
