package dev.reseat.standalone;

import dev.reseat.broker.PrivateRabbitNode;
import dev.reseat.rpc.transport.memory.MemoryBroker;
import dev.reseat.rpc.transport.memory.MemoryTransport;
import dev.reseat.rpc.wiring.Rpc;
import dev.reseat.rpc.wiring.RpcConfig;
import dev.reseat.runtime.Service;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Path;

/** What carries the messages between the parts. */
sealed interface DemoBroker extends Service {
    String transportUrl();

    /** The RPC of one part; it stops by itself. */
    Rpc connect(RpcConfig config, String program, MeterRegistry meters);

    /** Nothing but this process: no broker, no port. */
    record Memory(MemoryBroker broker) implements DemoBroker {
        @Override
        public String transportUrl() {
            return "memory://";
        }

        @Override
        public Rpc connect(RpcConfig config, String program, MeterRegistry meters) {
            return new Rpc(new MemoryTransport(broker), config, meters);
        }

        @Override
        public void start() {}

        @Override
        public void stop() {}
    }

    /** A RabbitMQ node of our own on loopback. */
    final class Rabbit implements DemoBroker {
        private final Path server;
        private final Path directory;
        private PrivateRabbitNode node;

        /**
         * @param server as from {@link PrivateRabbitNode#installedServer}
         * @param directory for its files
         */
        Rabbit(Path server, Path directory) {
            this.server = server;
            this.directory = directory;
        }

        @Override
        public void start() {
            node = PrivateRabbitNode.launch(server, directory);
        }

        @Override
        public String transportUrl() {
            return node.transportUrl();
        }

        @Override
        public Rpc connect(RpcConfig config, String program, MeterRegistry meters) {
            return Rpc.overBroker(config, program, meters);
        }

        @Override
        public void stop() {
            if (node != null) {
                node.close();
            }
        }
    }
}
