package dev.reseat.benchmark.peer;

import dev.reseat.rpc.RequestContext;
import dev.reseat.rpc.Target;
import dev.reseat.rpc.client.PreparedCall;
import dev.reseat.rpc.wiring.Rpc;

/** Our client as any service has it, with the default settings and the context of an administrator. */
final class ReseatCaller implements Caller {
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
    public String call(String argument) {
        return one.call(context, "echo", new Echo(argument), String.class);
    }

    @Override
    public void cast(String argument) {
        one.cast(context, "keep", new Echo(argument));
    }

    @Override
    public void fanout(String argument) {
        all.fanout(context, "keep", new Echo(argument));
    }

    @Override
    public void close() {
        rpc.stop();
    }
}
