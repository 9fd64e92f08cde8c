package dev.reseat.contract.compute;

import java.util.Map;

/**
 * {@code start_instance} of Nova, 5.0: nova-compute makes the guest anew from its mappings and writes the instance's
 * row. Cast, by who has given the row its task_state {@code powering-on}.
 *
 * @param instance Nova's object as its conductor has given it, whole
 */
public record StartInstance(Map<String, Object> instance) {
    public static final String METHOD = "start_instance";
}
