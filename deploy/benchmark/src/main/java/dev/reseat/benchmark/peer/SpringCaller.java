package dev.reseat.benchmark.peer;

import org.springframework.amqp.rabbit.connection.CachingConnectionFactory;
import org.springframework.amqp.rabbit.core.RabbitAdmin;
import org.springframework.amqp.rabbit.core.RabbitTemplate;
import org.springframework.amqp.rabbit.listener.SimpleMessageListenerContainer;
import org.springframework.amqp.support.converter.JacksonJsonMessageConverter;

/**
 * Spring AMQP's template with its JSON converter, and direct reply-to, which is its default, unless it shall be safe.
 */
final class SpringCaller implements ContenderCaller {
    private static final int CHANNELS = 300;

    private final String queue;
    private final CachingConnectionFactory connections;
    private final RabbitTemplate template;
    private final SimpleMessageListenerContainer replies;

    /**
     * @param label begins the names of the queues; the tuned ones keep their channels, the safe one has a reply queue
     */
    SpringCaller(Broker broker, String label) {
        queue = label;
        connections = SpringServer.connections(broker, label);
        if (!label.equals("spring")) {
            connections.setChannelCacheSize(CHANNELS);
        }
        template = new RabbitTemplate(connections);
        template.setMessageConverter(new JacksonJsonMessageConverter(SpringServer.TRUSTED));
        template.setReplyTimeout(60_000);
        replies = new SimpleMessageListenerContainer(connections);
        if (label.equals(SpringServer.SAFE)) {
            receiveReplies();
        }
    }

    private void receiveReplies() {
        String replyQueue = new RabbitAdmin(connections).declareQueue().getName();
        template.setMandatory(true);
        template.setReplyAddress(replyQueue);
        replies.setQueueNames(replyQueue);
        replies.setMessageListener(template);
        replies.afterPropertiesSet();
        replies.start();
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
        replies.stop();
        template.stop();
        connections.destroy();
    }
}
