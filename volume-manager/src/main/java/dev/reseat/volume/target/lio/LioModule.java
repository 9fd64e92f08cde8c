package dev.reseat.volume.target.lio;

import com.google.inject.AbstractModule;
import com.google.inject.Scopes;
import com.google.inject.multibindings.MapBinder;
import dev.reseat.volume.target.TargetHelper;

/** Adds {@code target_helper = lioadm}. Needs a {@code CommandRunner}. */
public final class LioModule extends AbstractModule {
    @Override
    protected void configure() {
        bind(LioHelper.class).in(Scopes.SINGLETON);
        MapBinder.newMapBinder(binder(), String.class, TargetHelper.class)
                .addBinding(LioTargets.NAME)
                .to(LioHelper.class);
    }
}
