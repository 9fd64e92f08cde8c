package dev.reseat.compute.guest.libvirt;

import com.google.inject.AbstractModule;
import com.google.inject.Scopes;
import dev.reseat.compute.guest.Guests;

/** The guests of libvirt. Needs a {@code CommandRunner}. */
public final class LibvirtModule extends AbstractModule {
    private final LibvirtConfig config;

    public LibvirtModule(LibvirtConfig config) {
        this.config = config;
    }

    @Override
    protected void configure() {
        bind(LibvirtConfig.class).toInstance(config);
        bind(Virsh.class).in(Scopes.SINGLETON);
        bind(DomainLooks.class).in(Scopes.SINGLETON);
        bind(DiskDetacher.class).in(Scopes.SINGLETON);
        bind(LibvirtGuests.class).in(Scopes.SINGLETON);
        bind(Guests.class).to(LibvirtGuests.class);
    }
}
