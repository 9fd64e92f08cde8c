package dev.reseat.systemtest;

import dev.reseat.broker.LoopbackPorts;
import dev.reseat.testing.CloudFixture;
import dev.reseat.testing.EmbeddedDatabase;
import dev.reseat.testing.RabbitBroker;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;

/** A cloud with two api-nodes of which everything can be killed: services, broker and database. */
final class KillCloud implements AutoCloseable {
    private final RabbitBroker broker = RabbitBroker.restartable();
    private final KillablePostgres postgres;
    private final Cloud cloud;
    private final ServiceProcess otherApiNode;
    private final Http otherHttp;
    private final Set<Victim> dead = EnumSet.noneOf(Victim.class);

    /** What a {@code kill -9} can hit. */
    enum Victim {
        API_NODE, OTHER_API_NODE, AGENT, VOLUME_MANAGER, BROKER, DATABASE
    }

    private KillCloud(KillablePostgres postgres) {
        this.postgres = postgres;
        cloud = Cloud.prepared(CloudFixture.open(EmbeddedDatabase.on(postgres.url())));
        var databases = cloud.rows().databases();
        int port = LoopbackPorts.reserve();
        otherApiNode = new ServiceProcess("reseat-api-node", "other-api-node", cloud.settings().directory(),
                cloud.settings().otherApiNode(databases.cinder(), databases.nova(), port));
        otherHttp = new Http("http://127.0.0.1:" + port, CloudFixture.USER, CloudFixture.PROJECT);
    }

    /** @param directory for the database */
    static KillCloud start(Path directory) throws IOException, InterruptedException {
        var killable = new KillCloud(KillablePostgres.start(directory, LoopbackPorts.reserve()));
        killable.cloud.launch();
        killable.otherApiNode.launch().awaitStarted();
        return killable;
    }

    Cloud cloud() {
        return cloud;
    }

    /** The API of the one api-node or of the other. */
    Http http(boolean other) {
        return other ? otherHttp : cloud.http();
    }

    /** Does nothing to what is dead already. */
    void kill(Victim victim) throws IOException, InterruptedException {
        if (!dead.add(victim)) {
            return;
        }
        switch (victim) {
            case API_NODE -> cloud.apiNode().kill();
            case OTHER_API_NODE -> otherApiNode.kill();
            case AGENT -> cloud.computeAgent().kill();
            case VOLUME_MANAGER -> cloud.volumeManager().kill();
            case BROKER -> broker.kill();
            case DATABASE -> postgres.kill();
        }
    }

    /** Starts again what was killed; returns when all of it runs. */
    void revive() throws IOException, InterruptedException {
        if (dead.contains(Victim.BROKER)) {
            broker.start();
        }
        if (dead.contains(Victim.DATABASE)) {
            postgres.start();
        }
        for (Victim victim : dead) {
            switch (victim) {
                case API_NODE -> cloud.apiNode().launch();
                case OTHER_API_NODE -> otherApiNode.launch();
                case AGENT -> cloud.computeAgent().launch();
                case VOLUME_MANAGER -> cloud.volumeManager().launch();
                case BROKER, DATABASE -> {
                }
            }
        }
        for (Victim victim : dead) {
            switch (victim) {
                case API_NODE -> cloud.apiNode().awaitStarted();
                case OTHER_API_NODE -> otherApiNode.awaitStarted();
                case AGENT -> cloud.computeAgent().awaitStarted();
                case VOLUME_MANAGER -> cloud.volumeManager().awaitStarted();
                case BROKER, DATABASE -> {
                }
            }
        }
        dead.clear();
    }

    @Override
    public void close() {
        otherHttp.close();
        otherApiNode.close();
        cloud.close();
        postgres.close();
        broker.start();
    }
}
