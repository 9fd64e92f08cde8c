package dev.reseat.examples;

import dev.reseat.rpc.Target;
import dev.reseat.rpc.server.Endpoint;
import dev.reseat.rpc.server.RpcServer;
import dev.reseat.rpc.wiring.Rpc;
import dev.reseat.rpc.wiring.RpcConfig;
import dev.reseat.runtime.Settings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** The server of the README; serves until its input ends. */
final class GreetingServer {
    private GreetingServer() {}

    // README {
    record Greet(String name) {}

    static void serve(Rpc rpc) {
        Endpoint endpoint = Endpoint.inDefaultNamespace(1, 0)
                .method("greet", Greet.class, (context, greet) -> "Hello, " + greet.name())
                .build();
        RpcServer server = rpc.server(Target.of("greetings", "greeter").onServer("host-1"), List.of(endpoint));
        server.start();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> server.drain(Duration.ofSeconds(30))));
    }
    // README }

    public static void main(String[] args) throws IOException {
        RpcConfig config = Settings.load(List.of(), System.getenv()).checked(RpcConfig::from);
        serve(Rpc.overBroker(config, "greeter", new SimpleMeterRegistry()));
        System.out.println("serving");
        int end = System.in.read();
        System.exit(end < 0 ? 0 : 1);
    }
}
