package dev.reseat.benchmark.peer;

import dev.reseat.rpc.RequestContext;
import dev.reseat.rpc.Target;
import dev.reseat.rpc.client.PreparedCall;
import dev.reseat.rpc.wiring.Rpc;
import java.util.Map;

/** Our client as any service has it, with the default settings and the context of an administrator. */
final class ReseatCaller implements ContenderCaller {
    private final Rpc rpc;
    private final PreparedCall one;
    private final PreparedCall all;
    private final RequestContext context = RequestContext.admin();

    ReseatCaller(Broker broker) {
        rpc = ReseatServer.rpc(broker, "benchmark-client");
        rpc.start();
        one = rpc.client().prepare(Target.of(ReseatServer.EXCHANGE, ReseatServer.TOPIC));
        all = rpc.client().prepare(Target.of(ReseatServer.EXCHANGE, ReseatServer.FANOUT));
    }

    @Override
    public Object call(Argument argument) {
        return switch (Echo.of(argument)) {
            case Echo.Text text -> one.call(context, "echo", text, String.class);
            case Echo.Tree tree -> one.call(context, "echo_tree", tree, Map.class);
        };
    }

    @Override
    public void cast(Argument argument) {
        one.cast(context, keep(argument), Echo.of(argument));
    }

    @Override
    public void fanout(Argument argument) {
        all.fanout(context, keep(argument), Echo.of(argument));
    }

    private static String keep(Argument argument) {
        return argument instanceof Argument.Tree ? "keep_tree" : "keep";
    }

    @Override
    public void close() {
        rpc.stop();
    }
}
