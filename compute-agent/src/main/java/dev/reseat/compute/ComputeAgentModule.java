package dev.reseat.compute;

import com.google.inject.Module;
import com.google.inject.PrivateModule;
import com.google.inject.Provides;
import com.google.inject.Scopes;
import com.google.inject.Singleton;
import dev.reseat.blockstorage.BlockStorageClient;
import dev.reseat.blockstorage.BlockStorageConfig;
import dev.reseat.compute.connector.Connectors;
import dev.reseat.compute.connector.NovaProcesses;
import dev.reseat.compute.connector.OsBrickLock;
import dev.reseat.compute.connector.fibrechannel.FibreChannelConnectorModule;
import dev.reseat.compute.connector.iscsi.IscsiConnectorModule;
import dev.reseat.compute.connector.local.LocalModule;
import dev.reseat.compute.connector.nfs.NfsConnectorModule;
import dev.reseat.compute.connector.nvmeof.NvmeConnectorModule;
import dev.reseat.compute.connector.rbd.RbdConnectorModule;
import dev.reseat.compute.endpoint.ComputeEndpoint;
import dev.reseat.compute.guest.Guests;
import dev.reseat.compute.guest.GuestsConfig;
import dev.reseat.compute.guest.NoHypervisor;
import dev.reseat.compute.guest.libvirt.LibvirtModule;
import dev.reseat.compute.host.HostConfig;
import dev.reseat.compute.host.HostFiles;
import dev.reseat.compute.host.HostIdentity;
import dev.reseat.compute.journal.RemovalJournal;
import dev.reseat.compute.service.ConductorClient;
import dev.reseat.compute.service.ServiceModule;
import dev.reseat.contract.OpenStackService;
import dev.reseat.contract.conductor.ConductorRpc;
import dev.reseat.process.CommandRunner;
import dev.reseat.rpc.Target;
import dev.reseat.rpc.wiring.Rpc;
import dev.reseat.runtime.RequestTimes;
import dev.reseat.step.CastSteps;
import dev.reseat.step.RetryPauses;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;
import java.util.List;

/**
 * Makes a {@link ComputeAgent} of its settings and of what the process shares: {@code Rpc} and {@code MeterRegistry}.
 * Keeps all else to itself, so that several may live in one process, each in a child injector of its own.
 */
public final class ComputeAgentModule extends PrivateModule {
    private final ComputeAgentConfig config;
    private final CommandRunner commands;
    private final HostFiles files;
    private final List<Module> connectors;

    public ComputeAgentModule(ComputeAgentConfig config, CommandRunner commands, HostFiles files) {
        this(config, commands, files, List.of(
                new LocalModule(config.local()), new RbdConnectorModule(), new IscsiConnectorModule(),
                new NfsConnectorModule(config.nfs()), new NvmeConnectorModule(), new FibreChannelConnectorModule()));
    }

    /** @param connectors each adds the connector of one protocol */
    ComputeAgentModule(
            ComputeAgentConfig config, CommandRunner commands, HostFiles files, List<Module> connectors) {
        this.config = config;
        this.commands = commands;
        this.files = files;
        this.connectors = List.copyOf(connectors);
    }

    @Override
    protected void configure() {
        connectors.forEach(this::install);
        install(new ServiceModule());
        bind(ComputeAgentConfig.class).toInstance(config);
        bind(HostConfig.class).toInstance(config.host());
        bind(HostFiles.class).toInstance(files);
        bind(OsBrickLock.class).toInstance(new OsBrickLock(
                config.host().lockPath(), new NovaProcesses(files.root().resolve("proc"))));
        bind(BlockStorageConfig.class).toInstance(config.blockStorage());
        bind(RemovalJournal.class).toInstance(new RemovalJournal(config.statePath()));
        bind(CommandRunner.class).toInstance(commands);
        bind(InstantSource.class).toInstance(InstantSource.system());
        bindGuests();
        bind(RequestTimes.class).toInstance(config.times());
        bind(BlockStorageClient.class).in(Scopes.SINGLETON);
        bind(HostIdentity.class).in(Scopes.SINGLETON);
        bind(Connectors.class).in(Scopes.SINGLETON);
        bind(ComputeEndpoint.class).in(Scopes.SINGLETON);
        bind(ComputeAgent.class).in(Scopes.SINGLETON);
        expose(ComputeAgent.class);
    }

    private void bindGuests() {
        if (config.guests().isLibvirt()) {
            install(new LibvirtModule(config.libvirt()));
        } else {
            bind(GuestsConfig.class).toInstance(config.guests());
            bind(NoHypervisor.class).in(Scopes.SINGLETON);
            bind(Guests.class).to(NoHypervisor.class);
        }
    }

    @Provides
    @Singleton
    CastSteps castSteps(Rpc rpc, MeterRegistry meters) {
        return new CastSteps(rpc.client(), meters, RetryPauses.DEFAULT);
    }

    @Provides
    @Singleton
    ConductorClient conductor(Rpc rpc) {
        Target conductor = config.replaces().includes(OpenStackService.NOVA_COMPUTE)
                ? ConductorRpc.target(config.exchange())
                : ConductorRpc.own();
        return new ConductorClient(rpc.client(), conductor);
    }
}
