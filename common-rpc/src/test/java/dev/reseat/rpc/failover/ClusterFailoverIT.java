package dev.reseat.rpc.failover;

import dev.reseat.broker.PrivateRabbitNode;
import dev.reseat.testing.CuttableLink;
import dev.reseat.testing.RabbitCluster;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Streams of calls while the brokers and the network fail under them: each call ends in time, as what it is, and the
 * streams go on by themselves.
 */
@Tag("broker")
@Tag("slow")
final class ClusterFailoverIT {
    private final RabbitCluster cluster = RabbitCluster.running();
    private final List<CuttableLink> links = new ArrayList<>();
    private final List<Streams> streams = new ArrayList<>();

    @BeforeEach
    void connect() throws Exception {
        for (PrivateRabbitNode node : cluster.nodes()) {
            var link = new CuttableLink(new InetSocketAddress(InetAddress.getLoopbackAddress(), node.port()));
            link.mend();
            links.add(link);
        }
    }

    @AfterEach
    void close() throws Exception {
        streams.forEach(Streams::close);
        for (CuttableLink link : links) {
            link.close();
        }
    }

    /**
     * Two servers know every node, and so does the client; the first one, which declares the queues, knows the first.
     */
    private List<String> urls() {
        String all = RabbitCluster.transportUrl(links.stream().map(CuttableLink::port).toList());
        String first = RabbitCluster.transportUrl(List.of(links.getFirst().port()));
        return List.of(first, all, all);
    }

    private void begin() throws InterruptedException {
        streams.add(Streams.quorum(urls()));
        streams.add(Streams.classic(urls()));
        streams.add(Streams.durable(urls()));
    }

    private void awaitAnswers() throws InterruptedException {
        for (Streams stream : streams) {
            stream.awaitAnswers();
        }
    }

    private void check() throws InterruptedException {
        for (Streams stream : streams) {
            stream.check();
        }
    }

    @Test
    void theClusterLosesItsLeaderThenTheNetwork() throws Exception {
        begin();
        PrivateRabbitNode leader = cluster.leader(streams.getFirst().topic());

        leader.kill();
        streams.get(0).awaitAnswers();
        streams.get(1).awaitAnswers();
        leader.start();
        awaitAnswers();

        links.forEach(CuttableLink::freeze);
        Thread.sleep(Party.HEARTBEAT.multipliedBy(3));
        links.forEach(CuttableLink::thaw);
        awaitAnswers();
        check();
    }

    @Test
    void connectionsAreResetAgainAndAgain() throws Exception {
        begin();
        for (int i = 0; i < 10; i++) {
            links.get(i % links.size()).reset();
            Thread.sleep(Duration.ofMillis(200));
        }
        awaitAnswers();
        check();
    }

    /**
     * For less than a tick of the nodes: what they take for dead and comes back splits the cluster, whoever uses it.
     */
    @Test
    void theLeaderStallsAndGoesOn() throws Exception {
        begin();
        PrivateRabbitNode leader = cluster.leader(streams.getFirst().topic());

        RabbitCluster.freeze(leader);
        try {
            Thread.sleep(Party.HEARTBEAT.multipliedBy(3));
        } finally {
            RabbitCluster.thaw(leader);
        }
        awaitAnswers();
        check();
    }

    @Test
    void theLeaderIsCutOffFromTheOtherNodes() throws Exception {
        begin();
        PrivateRabbitNode leader = cluster.leader(streams.getFirst().topic());

        cluster.isolate(leader);
        try {
            streams.get(0).awaitAnswers();
            streams.get(1).awaitAnswers();
        } finally {
            cluster.rejoin(leader);
        }
        awaitAnswers();
        check();
    }
}
