package dev.reseat.api.service.diagnosis;

import dev.reseat.contract.volume.BackendConnection;
import dev.reseat.contract.volume.DescribeConnections;
import java.util.List;

/** What came of asking the volume service of a backend who is connected. */
public sealed interface BackendAnswer {
    /** One sentence for the operator. */
    String detail();

    /** Who the backend sees; empty unless it has {@link Described} them. */
    default List<BackendConnection> connections() {
        return List.of();
    }

    /** Our volume manager has answered; whether its driver can tell is in the result. */
    record Described(DescribeConnections.Result result) implements BackendAnswer {
        @Override
        public String detail() {
            String said = result.supported()
                    ? result.driver() + " describes its connections"
                    : result.driver() + " cannot describe its connections";
            List<String> remarks = result.stored().remarks();
            return remarks.isEmpty() ? said : said + "; " + String.join(", ", remarks);
        }

        @Override
        public List<BackendConnection> connections() {
            return result.connections();
        }
    }

    /** A volume service is there, but none of ours: it has no such method. */
    record NotOffered(String detail) implements BackendAnswer {}

    /** No volume service is there. */
    record Absent(String detail) implements BackendAnswer {}

    /** Ours, or somebody, is there, and has not answered in time, or with a failure. */
    record Silent(String detail) implements BackendAnswer {}

    /** It was decided not to ask. */
    record NotAsked(String detail) implements BackendAnswer {}
}
