package dev.reseat.api.rest;

import com.google.inject.AbstractModule;
import com.google.inject.Scopes;
import com.google.inject.multibindings.Multibinder;
import dev.reseat.api.rest.cinder.AttachmentResource;
import dev.reseat.api.rest.cinder.VersionResource;
import dev.reseat.api.rest.cinder.VolumeActions;
import dev.reseat.api.rest.cinder.VolumeResource;
import dev.reseat.api.rest.keystone.KeystoneAuth;
import dev.reseat.api.rest.keystone.KeystoneConfig;
import dev.reseat.api.rest.nova.ComputeVersionResource;
import dev.reseat.api.rest.nova.ServerAttachments;
import dev.reseat.api.rest.repair.ApiIndex;
import dev.reseat.api.rest.repair.BlockDeviceResource;
import dev.reseat.api.rest.repair.DiagnosisResource;
import dev.reseat.api.rest.repair.JobResource;
import dev.reseat.api.rest.repair.JournalResource;
import dev.reseat.api.rest.repair.RepairResource;
import dev.reseat.api.rest.repair.ResetResource;
import java.time.InstantSource;
import java.util.List;

/** Binds the REST server and everything it serves. It needs the services, a meter registry, and who authenticates. */
public final class RestModule extends AbstractModule {
    private static final List<Class<? extends Resource>> RESOURCES = List.of(
            VersionResource.class,
            VolumeResource.class,
            VolumeActions.class,
            AttachmentResource.class,
            ComputeVersionResource.class,
            ServerAttachments.class,
            ApiIndex.class,
            BlockDeviceResource.class,
            DiagnosisResource.class,
            RepairResource.class,
            ResetResource.class,
            JournalResource.class,
            JobResource.class);

    private final RestConfig config;
    private final KeystoneConfig keystone;

    public RestModule(RestConfig config, KeystoneConfig keystone) {
        this.config = config;
        this.keystone = keystone;
    }

    @Override
    protected void configure() {
        bind(RestConfig.class).toInstance(config);
        bind(Authenticator.class).toInstance(authenticator());
        Multibinder<Resource> resources = Multibinder.newSetBinder(binder(), Resource.class);
        RESOURCES.forEach(resource -> resources.addBinding().to(resource).in(Scopes.SINGLETON));
        bind(RestServer.class).in(Scopes.SINGLETON);
    }

    private Authenticator authenticator() {
        return switch (config.authStrategy()) {
            case NOAUTH -> new NoAuth();
            case KEYSTONE -> keystone.authUrl()
                    .<Authenticator>map(url -> new KeystoneAuth(url, keystone, InstantSource.system()))
                    .orElseGet(RefuseAll::new);
        };
    }
}
