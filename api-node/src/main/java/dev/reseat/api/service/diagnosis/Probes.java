package dev.reseat.api.service.diagnosis;

import dev.reseat.contract.volume.DescribeConnections;
import java.util.List;
import java.util.Optional;

/**
 * What hosts and backend have answered about one volume, as it came: enough to judge it again elsewhere.
 *
 * @param backend empty if its volume service did not describe its connections
 * @param silence why it did not
 */
public record Probes(List<HostAnswer> hosts, Optional<DescribeConnections.Result> backend, Optional<String> silence) {
    /** Nobody was asked. */
    public static final Probes NONE =
            new Probes(List.of(), Optional.empty(), Optional.of("no answer of the backend was recorded"));

    public Probes {
        hosts = List.copyOf(hosts);
    }

    static Probes of(List<HostAnswer> hosts, BackendAnswer backend) {
        return backend instanceof BackendAnswer.Described described
                ? new Probes(hosts, Optional.of(described.result()), Optional.empty())
                : new Probes(hosts, Optional.empty(), Optional.of(backend.detail()));
    }

    BackendAnswer backendAnswer() {
        return backend.<BackendAnswer>map(BackendAnswer.Described::new)
                .orElseGet(() -> new BackendAnswer.Silent(silence.orElse("the backend has not answered")));
    }
}
