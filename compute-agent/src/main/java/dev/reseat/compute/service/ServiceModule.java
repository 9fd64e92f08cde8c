package dev.reseat.compute.service;

import com.google.inject.AbstractModule;
import com.google.inject.Scopes;
import dev.reseat.runtime.KeyedLocks;

/** What the agent does. Needs the rooms below it, and a {@link ConductorClient}. */
public final class ServiceModule extends AbstractModule {
    @Override
    protected void configure() {
        bind(KeyedLocks.class).toInstance(new KeyedLocks());
        bind(HostDetacher.class).in(Scopes.SINGLETON);
        bind(VolumeDetacher.class).in(Scopes.SINGLETON);
        bind(LeftoverDisconnect.class).in(Scopes.SINGLETON);
        bind(RemovalRecovery.class).in(Scopes.SINGLETON);
        bind(HostInspector.class).in(Scopes.SINGLETON);
    }
}
