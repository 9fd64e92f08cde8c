package dev.reseat.rpc.transport.rabbit;

import com.rabbitmq.client.AuthenticationFailureException;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.DefaultSaslConfig;
import com.rabbitmq.client.SaslConfig;
import com.rabbitmq.client.SocketConfigurators;
import com.rabbitmq.client.impl.CRDemoMechanism;
import dev.reseat.rpc.transport.TransportUrl;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeoutException;
import javax.net.SocketFactory;
import javax.net.ssl.SSLContext;

/**
 * Connects to one of the hosts of a transport_url. The list is shuffled once, as upstream does, so that the processes
 * of a cloud spread over the brokers; then it is walked in that order. Used by one thread, but for {@link #cut}.
 *
 * <p>Recovery is not left to the client library: it does not retry a first connection, does nothing when the broker
 * cancels a consumer, and cannot tell which unconfirmed messages are to be sent again.
 */
final class Dialer {
    private static final Logger LOG = System.getLogger(Dialer.class.getName());

    /** One host must not hold up the others for long. */
    private static final int CONNECT_MILLIS = 5_000;

    private static final ExecutorService CLOSING = Executors.newVirtualThreadPerTaskExecutor();

    private static final int HANDSHAKE_MILLIS = 10_000;
    private static final int RPC_MILLIS = 10_000;

    /** The broker's own default limit; more could not be published. */
    static final int LARGEST_BODY = 128 * 1024 * 1024;

    private final List<TransportUrl.Host> hosts;
    private final String virtualHost;
    private final RabbitConfig config;
    private final Optional<SSLContext> encryption;
    private final String process;
    private final ExecutorService callbacks;
    private final HoldingSockets.Buffers buffers;
    private int next;
    /** Of the latest attempt, whatever became of it. */
    private volatile Optional<Socket> socket = Optional.empty();
    private volatile boolean cut;

    /**
     * @param process name the broker shows for this process
     * @param callbacks where the client library may call us back
     * @param buffers how much may be read or written in one piece
     */
    Dialer(
            TransportUrl url, RabbitConfig config, Optional<SSLContext> encryption, String process,
            ExecutorService callbacks, HoldingSockets.Buffers buffers) {
        this.hosts = new ArrayList<>(url.hosts());
        Collections.shuffle(hosts);
        this.virtualHost = url.virtualHost();
        this.config = config;
        this.encryption = encryption;
        this.process = process;
        this.callbacks = callbacks;
        this.buffers = buffers;
    }

    /** Tries every host once, beginning after the one that was connected last. */
    Link dial() throws Unreachable, InterruptedException {
        if (config.shufflesHosts()) {
            Collections.shuffle(hosts);
        }
        List<String> reasons = new ArrayList<>();
        boolean refused = true;
        Exception last = new IOException("no host");
        for (int attempt = 0; attempt < hosts.size(); attempt++) {
            if (cut || Thread.interrupted()) {
                throw new InterruptedException();
            }
            TransportUrl.Host host = hosts.get(next);
            next = (next + 1) % hosts.size();
            try {
                return connect(host);
            } catch (IOException | TimeoutException e) {
                last = e;
                refused &= isRefused(e);
                reasons.add(host.address() + ": " + reason(e));
            }
        }
        throw new Unreachable("no connection to RabbitMQ (" + String.join("; ", reasons) + ")", refused, last);
    }

    private Link connect(TransportUrl.Host host) throws IOException, TimeoutException {
        var factory = new ConnectionFactory();
        factory.setHost(host.name());
        factory.setPort(host.port());
        factory.setUsername(host.user());
        factory.setPassword(host.password());
        factory.setVirtualHost(virtualHost);
        factory.setSaslConfig(login());
        // not useSslProtocol: that always checks the name in the broker's certificate, which is an option here
        var sockets = new HoldingSockets(buffers);
        factory.setSocketFactory(encryption.<SocketFactory>map(SSLContext::getSocketFactory).orElse(sockets));
        // here rather than where sockets are made: encrypted ones are made elsewhere
        factory.setSocketConfigurator(
                SocketConfigurators.defaultConfigurator().andThen(made -> socket = Optional.of(made)));
        if (config.tls().filter(TlsOptions::checksHost).isPresent()) {
            factory.enableHostnameVerification();
        }
        factory.setRequestedHeartbeat(Math.toIntExact(config.heartbeat().toSeconds()));
        factory.setConnectionTimeout(CONNECT_MILLIS);
        factory.setHandshakeTimeout(HANDSHAKE_MILLIS);
        factory.setChannelRpcTimeout(RPC_MILLIS);
        factory.setMaxInboundMessageBodySize(LARGEST_BODY);
        factory.setAutomaticRecoveryEnabled(false);
        factory.setTopologyRecoveryEnabled(false);
        // of the platform: a virtual one that waits for a socket is woken by way of two other threads
        factory.setThreadFactory(Thread.ofPlatform().daemon().name("amqp-", 0).factory());
        factory.setSharedExecutor(callbacks);
        // closing flushes first, which a peer that reads no more would hold up for ever without a thread of its own
        factory.setShutdownExecutor(CLOSING);
        factory.setExceptionHandler(new CallbackFailures());
        Map<String, Object> properties = new HashMap<>(factory.getClientProperties());
        properties.put("product", "Reseat");
        properties.keySet().removeAll(List.of("version", "copyright", "information"));
        factory.setClientProperties(properties);
        var connection = factory.newConnection(
                process + ":" + ProcessHandle.current().pid() + ":" + UUID.randomUUID());
        return new Link(connection, sockets.output(), sockets.input());
    }

    /**
     * Ends the latest connection without a word, or the attempt at it, and makes no other: whatever waits for a broker
     * that says nothing, or reads nothing, fails at once. Repeatable.
     */
    void cut() {
        cut = true;
        socket.ifPresent(open -> {
            try {
                open.setSoLinger(true, 0); // else closing waits for what was not sent
                open.close();
            } catch (IOException e) {
                LOG.log(Level.DEBUG, "a socket was closed already: {0}", e.getMessage());
            }
        });
    }

    private SaslConfig login() {
        return switch (config.login()) {
            case PLAIN -> DefaultSaslConfig.PLAIN;
            case EXTERNAL -> DefaultSaslConfig.EXTERNAL;
            case RABBIT_CR_DEMO -> new CRDemoMechanism.CRDemoSaslConfig();
            case AMQPLAIN -> offered -> Arrays.asList(offered).contains("AMQPLAIN") ? new AmqPlain() : null;
        };
    }

    private static boolean isRefused(Exception failure) {
        return failure instanceof AuthenticationFailureException
                || Refusal.in(failure).filter(Refusal::isForbidden).isPresent();
    }

    /** The broker's words if it said something, else those of the innermost cause. */
    private static String reason(Exception failure) {
        if (failure instanceof AuthenticationFailureException) {
            return failure.getMessage();
        }
        return Refusal.in(failure).map(Refusal::text).orElseGet(() -> innermost(failure).toString());
    }

    private static Throwable innermost(Throwable failure) {
        return Optional.ofNullable(failure.getCause()).map(Dialer::innermost).orElse(failure);
    }
}
