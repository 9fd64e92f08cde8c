package dev.reseat.contract;

import dev.reseat.runtime.Settings;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which services of OpenStack a process stands in for. None by default: then nothing of ours declares, binds or
 * consumes a queue of Nova's or Cinder's, and it lives beside the Python services. An incomplete consumer on a shared
 * queue takes every n-th message of a healthy service.
 *
 * @param takeover whether it does so even where somebody serves their queues already
 */
public record Replaces(Set<OpenStackService> services, boolean takeover) {
    /** Beside all of them. */
    public static final Replaces NONE = new Replaces(Set.of(), false);

    private static final String TAKEOVER = "takeover";

    public Replaces {
        services = Set.copyOf(services);
    }

    /**
     * {@code [reseat] replaces}, a list of programs, and {@code --takeover} of the command line, which is not a
     * setting: it is meant for one start.
     *
     * @param possible what this process can stand in for; another one is refused
     */
    public static Replaces from(Settings settings, OpenStackService... possible) {
        List<OpenStackService> known = List.of(possible);
        Set<OpenStackService> services = EnumSet.noneOf(OpenStackService.class);
        for (String word : settings.list("reseat", "replaces", List.of())) {
            Optional<OpenStackService> service = OpenStackService.named(word, known);
            service.ifPresentOrElse(services::add, () -> settings.refuse(
                    "[reseat] replaces: this process cannot replace '" + word + "', only " + names(known)));
        }
        return new Replaces(services, settings.isSwitchedOn(TAKEOVER));
    }

    public boolean includes(OpenStackService service) {
        return services.contains(service);
    }

    private static String names(List<OpenStackService> services) {
        return services.stream().map(OpenStackService::program).collect(Collectors.joining(", "));
    }
}
