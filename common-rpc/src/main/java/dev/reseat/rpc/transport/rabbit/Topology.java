package dev.reseat.rpc.transport.rabbit;

import com.rabbitmq.client.BuiltinExchangeType;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import dev.reseat.rpc.transport.Address;
import dev.reseat.rpc.transport.ListenAddress;
import dev.reseat.rpc.transport.ListenAddress.Notifications.Binding;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Declares exchanges and queues as oslo.messaging does, once each per connection. Works on a channel of its own: a
 * refused declaration closes the channel, and must not take deliveries or unconfirmed messages with it. What exists
 * with other flags or arguments is used as it is. Used by one thread at a time.
 */
final class Topology {
    private static final Logger LOG = System.getLogger(Topology.class.getName());
    /** What tells a second binding from the first: a topic exchange does not look at it. */
    private static final Map<String, Object> SECOND = Map.of("reseat", "second");

    private final Connection connection;
    private final QueueOptions options;
    private final Set<String> declared = new HashSet<>();
    private final Set<String> adopted = new HashSet<>();
    private Optional<Channel> channel = Optional.empty();

    Topology(Connection connection, QueueOptions options) {
        this.connection = connection;
        this.options = options;
    }

    /**
     * Declares what a listener needs, in upstream's order.
     *
     * @param own name of the queue that is bound to the fanout
     * @return the queues to consume from
     */
    List<String> declare(ListenAddress source, String own) throws IOException {
        try {
            return declareOnce(source, own);
        } catch (IOException e) {
            // the fanout exchange goes with its last queue, which may be between our declaring and binding
            if (Refusal.in(e).filter(Refusal::isNotFound).isEmpty()) {
                throw e;
            }
            return declareOnce(source, own);
        }
    }

    private List<String> declareOnce(ListenAddress source, String own) throws IOException {
        return switch (source) {
            case ListenAddress.Server server -> {
                for (Binding to : topicBindings(server)) {
                    topicQueue(to);
                }
                fanoutExchange(server.fanout());
                queue(own, options.transientQuorum(), false, options.fanoutArguments());
                open().queueBind(own, server.fanout().exchange(), server.topic());
                yield List.of(server.topicQueue(), server.serverQueue(), own);
            }
            case ListenAddress.Replies(String name) -> {
                queue(name, options.transientQuorum(), false, options.transientArguments());
                yield List.of(name);
            }
            case ListenAddress.Notifications notifications -> {
                for (Binding to : topicBindings(notifications)) {
                    topicQueue(to);
                }
                yield notifications.queues().toList();
            }
        };
    }

    private static List<Binding> topicBindings(ListenAddress source) {
        return switch (source) {
            case ListenAddress.Server server -> List.of(
                    new Binding(server.exchange(), server.topicQueue(), server.topicQueue()),
                    new Binding(server.exchange(), server.serverQueue(), server.serverQueue()));
            case ListenAddress.Replies _ -> List.of();
            case ListenAddress.Notifications notifications -> notifications.bindings();
        };
    }

    /**
     * Has the topic exchange learn anew what it routes to the transient queues of a source; nothing is lost meanwhile.
     * When a node dies, another removes its transient queues with their bindings, and in a second transaction what the
     * exchange routes by. Who declares such a queue anew between the two is bound and gets nothing, and to bind once
     * more does nothing, since the binding is there. A second binding routes while the first is made anew. It stays:
     * taking it away could take the exchange's last knowledge of the queue along.
     */
    void bindAnew(ListenAddress source) throws IOException {
        if (options.topicDurable()) {
            return; // those queues are not removed
        }
        for (Binding to : topicBindings(source)) {
            open().queueBind(to.queue(), to.exchange(), to.routingKey(), SECOND);
            open().queueUnbind(to.queue(), to.exchange(), to.routingKey());
            open().queueBind(to.queue(), to.exchange(), to.routingKey());
        }
    }

    /** Whether this address needs no more declaring on this connection. */
    boolean isDeclared(Address address) {
        return address instanceof Address.Queue || declared.contains(scope(address));
    }

    /** Declares what a publisher needs, if it has not done so on this connection. */
    void declare(Address address) throws IOException {
        if (declared.contains(scope(address))) {
            return;
        }
        switch (address) {
            case Address.Topic topic -> topicExchange(topic.exchange());
            case Address.Fanout fanout -> fanoutExchange(fanout);
            case Address.Notification(String exchange, String key) -> topicQueue(new Binding(exchange, key, key));
            case Address.Queue _ -> {
                return; // replies go through the default exchange, and their queues come and go
            }
        }
        declared.add(scope(address));
    }

    /** Addresses of one scope need the same declarations. */
    private static String scope(Address address) {
        return switch (address) {
            case Address.Topic topic -> topic.exchange();
            case Address.Fanout fanout -> fanout.exchange();
            case Address.Notification(String exchange, String key) -> exchange + "\n" + key;
            case Address.Queue _ -> "";
        };
    }

    /** Declares again what was declared, because some of it has vanished. */
    void forget() {
        declared.clear();
        adopted.clear();
    }

    void delete(String queue) throws IOException {
        open().queueDelete(queue);
    }

    private void topicQueue(Binding to) throws IOException {
        topicExchange(to.exchange());
        queue(to.queue(), options.topicDurable(), options.autoDelete(), options.topicArguments());
        open().queueBind(to.queue(), to.exchange(), to.routingKey());
    }

    private void topicExchange(String name) throws IOException {
        exchange(name, BuiltinExchangeType.TOPIC, options.topicDurable(), options.autoDelete());
    }

    private void fanoutExchange(Address.Fanout fanout) throws IOException {
        exchange(fanout.exchange(), BuiltinExchangeType.FANOUT, options.transientQuorum(), true);
    }

    private void exchange(String name, BuiltinExchangeType type, boolean durable, boolean autoDelete)
            throws IOException {
        declareOrAdopt(
                "exchange " + name,
                on -> on.exchangeDeclare(name, type, durable, autoDelete, Map.of()),
                on -> on.exchangeDeclarePassive(name));
    }

    private void queue(String name, boolean durable, boolean autoDelete, Map<String, Object> arguments)
            throws IOException {
        declareOrAdopt(
                "queue " + name,
                on -> on.queueDeclare(name, durable, false, autoDelete, arguments),
                on -> on.queueDeclarePassive(name));
    }

    private void declareOrAdopt(String what, Declaration active, Declaration passive) throws IOException {
        if (adopted.contains(what)) {
            return;
        }
        try {
            active.on(open());
        } catch (IOException e) {
            Optional<Refusal> refusal = Refusal.in(e).filter(Refusal::isOtherwiseDeclared);
            if (refusal.isEmpty()) {
                throw e;
            }
            passive.on(open());
            adopted.add(what);
            LOG.log(Level.WARNING, "{0} is used as it is: {1}", what, refusal.get().text());
        }
    }

    /** Whether there is such a queue now. */
    boolean exists(String queue) throws IOException {
        try {
            open().queueDeclarePassive(queue);
            return true;
        } catch (IOException e) {
            if (Refusal.in(e).filter(Refusal::isNotFound).isEmpty()) {
                throw e;
            }
            return false;
        }
    }

    /** How many consume from the queue. */
    int consumers(String queue) throws IOException {
        return open().queueDeclarePassive(queue).getConsumerCount();
    }

    /**
     * On another channel: after a question that was not answered in time, the answer to it would be taken for
     * another's.
     */
    void startAgain() {
        channel.ifPresent(old -> {
            try {
                old.abort();
            } catch (IOException e) {
                LOG.log(Level.DEBUG, "a channel could not be closed: {0}", e.getMessage());
            }
        });
        channel = Optional.empty();
    }

    private Channel open() throws IOException {
        if (channel.filter(Channel::isOpen).isEmpty()) {
            channel = Optional.of(connection.createChannel());
        }
        return channel.orElseThrow();
    }

    private interface Declaration {
        void on(Channel channel) throws IOException;
    }
}
