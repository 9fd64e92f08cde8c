package dev.reseat.rpc.wiring;

import com.google.inject.AbstractModule;
import io.micrometer.core.instrument.MeterRegistry;

/** What all parts of a process share; and nothing is built that no module names. */
public final class RpcModule extends AbstractModule {
    private final Rpc rpc;
    private final MeterRegistry meters;

    public RpcModule(Rpc rpc, MeterRegistry meters) {
        this.rpc = rpc;
        this.meters = meters;
    }

    @Override
    protected void configure() {
        binder().requireExplicitBindings();
        binder().requireAtInjectOnConstructors();
        binder().disableCircularProxies();
        bind(Rpc.class).toInstance(rpc);
        bind(MeterRegistry.class).toInstance(meters);
    }
}
