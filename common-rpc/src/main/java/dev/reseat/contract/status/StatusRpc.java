package dev.reseat.contract.status;

import dev.reseat.contract.OwnExchange;
import dev.reseat.rpc.RpcVersion;
import dev.reseat.rpc.Target;
import java.util.List;
import java.util.stream.Stream;

/**
 * How it is found out who is there: an api-node asks all servers of a topic at once, and each process tells it. Both
 * methods are cast, in namespace {@code status} of Reseat's own topics. A process of a release that does not know them
 * is silent.
 *
 * <pre>
 *   1.0   tell_status (fanout to reseat-api, reseat-volume, reseat-compute), status_told (to one reseat-api)
 * </pre>
 */
public final class StatusRpc {
    public static final String NAMESPACE = "status";
    public static final RpcVersion VERSION = RpcVersion.of(1, 0);

    private StatusRpc() {}

    /** Everybody of these topics. */
    public static List<Target> everybody(String... topics) {
        return Stream.of(topics).map(StatusRpc::target).toList();
    }

    /** The api-node that has asked. */
    public static Target asking(String server) {
        return target(OwnExchange.API_TOPIC).onServer(server);
    }

    private static Target target(String topic) {
        return Target.of(OwnExchange.NAME, topic).inNamespace(NAMESPACE).atVersion(VERSION);
    }

    /**
     * {@code tell_status}: whoever hears it tells. A process that several servers of are asked may tell several times.
     *
     * @param question given back with the answer
     * @param server of topic {@code reseat-api} that is to be told
     */
    public record TellStatus(String question, String server) {
        public static final String METHOD = "tell_status";
    }

    /**
     * {@code status_told}.
     *
     * @param process the same in all that one process tells, and no other's
     * @param program as it is called, such as {@code reseat-compute-agent}
     * @param servers as which it listens on its own topic
     * @param since when the process has started, ISO 8601 with Z
     * @param checks all of them
     */
    public record StatusTold(
            String question,
            String process,
            String program,
            String host,
            List<String> servers,
            String version,
            String since,
            List<Check> checks) {
        public static final String METHOD = "status_told";

        public StatusTold {
            servers = List.copyOf(servers);
            checks = List.copyOf(checks);
        }

        /** @param status {@code up}, {@code degraded} or {@code down} */
        public record Check(String name, String status, String detail) {
            public boolean passed() {
                return status.equals("up");
            }
        }
    }
}
