package dev.reseat.benchmark.peer;

import org.springframework.amqp.rabbit.connection.CachingConnectionFactory;
import org.springframework.amqp.rabbit.core.RabbitTemplate;
import org.springframework.amqp.support.converter.JacksonJsonMessageConverter;

/** Spring AMQP's template with its JSON converter, and direct reply-to, which is its default. */
final class SpringCaller implements Caller {
    private static final int CHANNELS = 300;

    private final String queue;
    private final CachingConnectionFactory connections;
    private final RabbitTemplate template;

    /** @param label begins the names of the queues; the tuned one keeps its channels */
    SpringCaller(Broker broker, String label) {
        queue = label;
        connections = SpringServer.connections(broker);
        if (label.equals("spring-tuned")) {
            connections.setChannelCacheSize(CHANNELS);
        }
        template = new RabbitTemplate(connections);
        template.setMessageConverter(new JacksonJsonMessageConverter(SpringServer.TRUSTED));
        template.setReplyTimeout(60_000);
    }

    @Override
    public Object call(Argument argument) {
        return template.convertSendAndReceive("", queue, Echo.of(argument));
    }

    @Override
    public void cast(Argument argument) {
        template.convertAndSend("", SpringServer.casts(queue), Echo.of(argument));
    }

    @Override
    public void fanout(Argument argument) {
        template.convertAndSend(SpringServer.fanout(queue), "", Echo.of(argument));
    }

    @Override
    public void close() {
        template.stop();
        connections.destroy();
    }
}
