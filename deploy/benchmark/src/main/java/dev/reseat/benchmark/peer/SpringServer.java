package dev.reseat.benchmark.peer;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.springframework.amqp.core.AnonymousQueue;
import org.springframework.amqp.core.Binding;
import org.springframework.amqp.core.BindingBuilder;
import org.springframework.amqp.core.FanoutExchange;
import org.springframework.amqp.core.Queue;
import org.springframework.amqp.rabbit.connection.CachingConnectionFactory;
import org.springframework.amqp.rabbit.core.RabbitAdmin;
import org.springframework.amqp.rabbit.listener.SimpleMessageListenerContainer;
import org.springframework.amqp.rabbit.listener.adapter.MessageListenerAdapter;
import org.springframework.amqp.support.converter.JacksonJsonMessageConverter;

/**
 * Spring AMQP's listener container, one consumer with its default prefetch of 250 and acknowledgements by the
 * container.
 */
final class SpringServer implements AutoCloseable {
    static final String SAFE = "spring-safe";
    static final String TRUSTED = "dev.reseat.benchmark.peer";

    private final CachingConnectionFactory connections;
    private final List<SimpleMessageListenerContainer> containers = new ArrayList<>();
    private final Tally tally;

    SpringServer(Broker broker, Tally tally, String queue) {
        this.tally = tally;
        connections = connections(broker, queue);
        var admin = new RabbitAdmin(connections);
        admin.declareQueue(new Queue(queue, false, false, false));
        listen(queue, new Answering());
        admin.declareQueue(new Queue(casts(queue), false, false, false));
        listen(casts(queue), new Keeping());
        var exchange = new FanoutExchange(fanout(queue), false, true);
        admin.declareExchange(exchange);
        for (int i = 0; i < broker.servers(); i++) {
            var own = new AnonymousQueue();
            admin.declareQueue(own);
            Binding binding = BindingBuilder.bind(own).to(exchange);
            admin.declareBinding(binding);
            listen(own.getName(), new Keeping());
        }
    }

    static String casts(String queue) {
        return queue + "-casts";
    }

    static String fanout(String queue) {
        return queue + "-fanout";
    }

    static CachingConnectionFactory connections(Broker broker, String label) {
        var factory = broker.factory();
        factory.setAutomaticRecoveryEnabled(false); // Spring has its own
        var connections = new CachingConnectionFactory(factory);
        if (label.equals(SAFE)) {
            connections.setPublisherConfirmType(CachingConnectionFactory.ConfirmType.CORRELATED);
            connections.setPublisherReturns(true);
        }
        return connections;
    }

    private void listen(String queue, Object method) {
        var adapter = new MessageListenerAdapter(method, new JacksonJsonMessageConverter(TRUSTED));
        var container = new SimpleMessageListenerContainer(connections);
        container.setQueueNames(queue);
        container.setMessageListener(adapter);
        container.afterPropertiesSet();
        container.start();
        containers.add(container);
    }

    /** What the adapter calls. */
    public final class Answering {
        public String handleMessage(Echo.Text request) {
            tally.arrived();
            return request.value();
        }

        public Map<String, Object> handleMessage(Echo.Tree request) {
            tally.arrived();
            return request.value();
        }
    }

    /** What the adapter calls for a message that wants no answer. */
    public final class Keeping {
        public void handleMessage(Echo request) {
            tally.arrived();
        }
    }

    @Override
    public void close() {
        containers.forEach(SimpleMessageListenerContainer::stop);
        connections.destroy();
    }
}
