package dev.reseat.examples;

import dev.reseat.rpc.RequestContext;
import dev.reseat.rpc.Target;
import dev.reseat.rpc.client.PreparedCall;
import dev.reseat.rpc.wiring.Rpc;
import dev.reseat.rpc.wiring.RpcConfig;
import dev.reseat.runtime.Settings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.Map;

/** The client of the README. */
final class GreetingClient {
    private GreetingClient() {}

    // README {
    public static void main(String[] args) {
        RpcConfig config = Settings.load(List.of(), System.getenv()).checked(RpcConfig::from);
        Rpc rpc = Rpc.overBroker(config, "caller", new SimpleMeterRegistry());
        PreparedCall greeter = rpc.client().prepare(Target.of("greetings", "greeter").onServer("host-1"));
        String answer = greeter.call(RequestContext.admin(), "greet", Map.of("name", "Ada"), String.class);
        System.out.println(answer);
        rpc.stop();
    }
    // README }
}
