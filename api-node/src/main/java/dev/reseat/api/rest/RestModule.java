package dev.reseat.api.rest;

import com.google.inject.AbstractModule;
import com.google.inject.Scopes;
import com.google.inject.multibindings.Multibinder;
import dev.reseat.api.rest.cinder.AttachmentResource;
import dev.reseat.api.rest.cinder.VersionResource;
import dev.reseat.api.rest.cinder.VolumeActions;
import dev.reseat.api.rest.cinder.VolumeResource;
import dev.reseat.api.rest.cinder.VolumeServiceResource;
import dev.reseat.api.rest.keystone.KeystoneAuth;
import dev.reseat.api.rest.keystone.KeystoneConfig;
import dev.reseat.api.rest.nova.ComputeVersionResource;
import dev.reseat.api.rest.nova.ServerAttachments;
import dev.reseat.api.rest.repair.ApiIndex;
import dev.reseat.api.rest.repair.BlockDeviceResource;
import dev.reseat.api.rest.repair.CaptureResource;
import dev.reseat.api.rest.repair.DiagnosisResource;
import dev.reseat.api.rest.repair.FenceResource;
import dev.reseat.api.rest.repair.FindingResource;
import dev.reseat.api.rest.repair.JobResource;
import dev.reseat.api.rest.repair.JournalResource;
import dev.reseat.api.rest.repair.ReceiptResource;
import dev.reseat.api.rest.repair.RepairResource;
import dev.reseat.api.rest.repair.ResetResource;
import dev.reseat.api.rest.repair.ServiceResource;
import dev.reseat.api.rest.repair.UndoResource;
import dev.reseat.api.service.ServiceRole;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;

/** Binds the REST server and everything it serves. It needs the services, a meter registry, and who authenticates. */
public final class RestModule extends AbstractModule {
    private static final List<Class<? extends Resource>> RESOURCES = List.of(
            VersionResource.class,
            VolumeResource.class,
            VolumeActions.class,
            AttachmentResource.class,
            VolumeServiceResource.class,
            ComputeVersionResource.class,
            ServerAttachments.class,
            ApiIndex.class,
            BlockDeviceResource.class,
            DiagnosisResource.class,
            CaptureResource.class,
            RepairResource.class,
            ResetResource.class,
            FenceResource.class,
            JournalResource.class,
            UndoResource.class,
            ReceiptResource.class,
            JobResource.class,
            FindingResource.class,
            ServiceResource.class);

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
        bind(ServiceRole.class).toInstance(new ServiceRole(Set.copyOf(keystone.serviceTokenRoles())));
        Multibinder<Resource> resources = Multibinder.newSetBinder(binder(), Resource.class);
        RESOURCES.forEach(resource -> resources.addBinding().to(resource).in(Scopes.SINGLETON));
        bind(RestServer.class).in(Scopes.SINGLETON);
    }

    private Authenticator authenticator() {
        return switch (config.authStrategy()) {
            case NOAUTH -> new NoAuth();
            case KEYSTONE -> keystone.authUrl()
                    .<Authenticator>map(url -> new KeystoneAuth(
                            url, keystone, InstantSource.system(), System::nanoTime))
                    .orElseGet(RefuseAll::new);
        };
    }
}
