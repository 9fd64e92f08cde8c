package dev.reseat.volume.target.tgt;

import com.google.inject.AbstractModule;
import com.google.inject.Scopes;
import com.google.inject.multibindings.MapBinder;
import dev.reseat.volume.target.TargetHelper;

/** Adds {@code target_helper = tgtadm}. Needs a {@code CommandRunner}. */
public final class TgtModule extends AbstractModule {
    @Override
    protected void configure() {
        bind(TgtHelper.class).in(Scopes.SINGLETON);
        MapBinder.newMapBinder(binder(), String.class, TargetHelper.class)
                .addBinding(TgtTargets.NAME)
                .to(TgtHelper.class);
    }
}
